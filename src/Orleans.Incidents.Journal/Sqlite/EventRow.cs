using Incidents.Audit;

namespace Incidents.Journal.Sqlite;

/// <summary>How an event's row is read.</summary>
internal static class EventRow
{
    /// <summary>What <see cref="Read"/> needs, of a table called <c>e</c>.</summary>
    public const string Columns =
        "e.version, e.type, e.schema, e.time, e.actor, e.on_behalf_of, e.delegation, e.authority, e.approval, e.policy, e.reason, e.payload, e.hash";

    /// <summary>The event whose columns begin at a place.</summary>
    public static Envelope Read(Statement s, string stream, int from = 0) => new()
    {
        Stream = stream, Version = s.Long(from), Type = s.Text(from + 1), Schema = (int)s.Long(from + 2), Time = s.Long(from + 3), Actor = s.Text(from + 4),
        OnBehalfOf = s.TextOrNull(from + 5), Delegation = s.TextOrNull(from + 6), Grant = s.TextOrNull(from + 7), Approval = s.TextOrNull(from + 8),
        Policy = s.TextOrNull(from + 9), Reason = s.Text(from + 10), Payload = s.Blob(from + 11), Hash = s.Blob(from + 12),
    };
}
