using Incidents.Audit;
using Npgsql;

namespace Incidents.Journal.Postgres;

/// <summary>How an event's row is read.</summary>
internal static class EventRow
{
    /// <summary>What <see cref="Read"/> needs, of a table called <c>e</c>.</summary>
    public const string Columns =
        "e.version, e.type, e.schema, e.time, e.actor, e.on_behalf_of, e.delegation, e.authority, e.approval, e.policy, e.reason, e.payload, e.hash";

    /// <summary>The event whose columns begin at a place.</summary>
    public static Envelope Read(NpgsqlDataReader r, string stream, int from = 0) => new()
    {
        Stream = stream, Version = r.GetInt64(from), Type = r.GetString(from + 1), Schema = r.GetInt32(from + 2), Time = r.GetInt64(from + 3), Actor = r.GetString(from + 4),
        OnBehalfOf = r.TextOrNull(from + 5), Delegation = r.TextOrNull(from + 6), Grant = r.TextOrNull(from + 7), Approval = r.TextOrNull(from + 8),
        Policy = r.TextOrNull(from + 9), Reason = r.GetString(from + 10), Payload = r.Blob(from + 11), Hash = r.Blob(from + 12),
    };
}
