using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;

namespace Incidents.Journal.Sqlite;

/// <summary>
/// What a start looks at: the last flushes, which are what a torn write or a wrong copy would have hit. Looking at everything is for
/// <see cref="Verification"/>; a stream from before is looked at when it is read.
/// </summary>
internal static class TailCheck
{
    private const int Flushes = 64;
    private const string Help = "restore a backup, or look closer with audit verify";

    /// <exception cref="JournalRefusedException">An event was changed, or is a newer version's; one line names it.</exception>
    public static void Run(Database db, string path)
    {
        var last = db.Number("SELECT max(position) FROM flush");
        var rows = db.Prepare(
            $"SELECT {EventRow.Columns}, h.stream, p.hash FROM event e JOIN head h ON h.number=e.head LEFT JOIN event p ON p.head=e.head AND p.version=e.version-1 " +
            "WHERE e.n > coalesce((SELECT last_event FROM flush WHERE position=?1), 0) ORDER BY e.n");
        using (rows.Begin())
        {
            rows.Bind(last - Flushes);
            while (rows.Step())
                Check(EventRow.Read(rows, rows.Text(13)), rows.IsNull(14) ? Chain.Start.ToArray() : rows.Blob(14), path);
        }

        for (var position = Math.Max(1, last - Flushes + 1); position <= last; position++)
            CheckLeaf(db, position, path);
    }

    private static void Check(Envelope e, byte[] before, string path)
    {
        if (!Intact.Follows(e, before))
            throw new JournalRefusedException($"{path} is damaged: {Intact.Damage(e)}; {Help}");
        if (!Payloads.Types.ContainsKey(e.Type))
            throw new JournalRefusedException($"{path} was written by a newer version of the program: {e.Stream}: event {e.Version} is a '{e.Type}', which this version does not know; start that version instead");
    }

    private static void CheckLeaf(Database db, long position, string path)
    {
        var flush = db.Prepare("SELECT f.id, f.time, coalesce(b.last_event, 0), f.last_event, f.leaf, f.block_hash FROM flush f LEFT JOIN flush b ON b.position=f.position-1 WHERE f.position=?1");
        using var use = flush.Begin();
        if (!flush.Bind(position).Step())
            throw new JournalRefusedException($"{path} is damaged: flush {position} is missing; {Help}");
        var leaf = new LeafHash(position, CommandId.FromBytes(flush.Blob(0)), Time.Instant(flush.Long(1)));
        var hashes = db.Prepare("SELECT hash FROM event WHERE n>?1 AND n<=?2 ORDER BY n");
        using (hashes.Begin())
        {
            hashes.Bind(flush.Long(2)).Bind(flush.Long(3));
            while (hashes.Step())
                leaf.Add(hashes.Blob(0));
        }

        if (!leaf.Finish(flush.IsNull(5) ? null : flush.Blob(5)).AsSpan().SequenceEqual(flush.Blob(4)))
            throw new JournalRefusedException($"{path} is damaged: flush {position}: its leaf does not follow from its events and receipts; {Help}");
    }
}
