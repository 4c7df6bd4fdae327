using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>
/// What a start looks at: the last flushes, which are what a wrong copy would have hit. Looking at everything is for
/// <see cref="PostgresVerification"/>; a stream from before is looked at when it is read.
/// </summary>
internal static class TailCheck
{
    private const int Flushes = 64;
    private const string Help = "restore a backup, or look closer with audit verify";

    /// <exception cref="JournalRefusedException">An event was changed, or is a newer version's; one line names it.</exception>
    public static void Run(NpgsqlConnection connection, string name)
    {
        var from = connection.Rows("SELECT coalesce(max(position), 0) FROM flush", r => r.GetInt64(0))[0] - Flushes;
        foreach (var (e, before) in connection.Rows(
            $"SELECT {EventRow.Columns}, h.stream, p.hash FROM flush f JOIN event e ON e.flush=f.number JOIN head h ON h.number=e.head LEFT JOIN event p ON p.head=e.head AND p.version=e.version-1 " +
            "WHERE f.position>$1 ORDER BY f.position, e.place", r => (EventRow.Read(r, r.GetString(13)), r.BlobOrNull(14) ?? Chain.Start.ToArray()), P(from)))
        {
            if (!Intact.Follows(e, before))
                throw new JournalRefusedException($"{name} is damaged: {Intact.Damage(e)}; {Help}");
            if (!Payloads.Types.ContainsKey(e.Type))
                throw new JournalRefusedException($"{name} was written by a newer version of the program: {e.Stream}: event {e.Version} is a '{e.Type}', which this version does not know; start that version instead");
        }

        var faults = new List<string>();
        new FlushCheck(connection, faults).Tail(from);
        if (faults.Count > 0)
            throw new JournalRefusedException($"{name} is damaged: {faults[0]}; {Help}");
    }
}
