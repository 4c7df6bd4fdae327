using System.Security.Cryptography;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;

namespace Incidents.Journal.Sqlite;

/// <summary>Recomputes the leaf of every flush and the Merkle log over them.</summary>
internal sealed class FlushCheck(Database db, List<string> faults)
{
    private readonly MerkleLog _log = new();
    private long _events;

    // Behind a flush that is gone or differs, every root differs: that is said once.
    private bool _logIsBroken;

    public (long Flushes, byte[] Root) Run()
    {
        long last = 0, counted = 0;
        Verification.TryRead(faults, () => "the end of the list of flushes", () => last = db.Number("SELECT max(position) FROM flush"));
        for (var position = 1L; position <= last; position++)
            Check(position);
        if (!_logIsBroken)
            Verification.TryRead(faults, () => "the saved state of the log", () => CheckEnd(last));
        if (Verification.TryRead(faults, () => "the list of events", () => counted = db.Number("SELECT count(*) FROM event")) && counted != _events)
            faults.Add($"there are {counted} events, the flushes hold {_events}");
        return (last, _log.Root());
    }

    private void Check(long position)
    {
        var isThere = false;
        var rows = db.Prepare("SELECT id, time, last_event, leaf, root, block_hash, block FROM flush WHERE position=?1");
        var isRead = Verification.TryRead(faults, () => $"flush {position}", () =>
        {
            using var use = rows.Begin();
            if (isThere = rows.Bind(position).Step())
                Check(rows, position);
        });
        if (isRead && !isThere)
            faults.Add($"flush {position} is missing");
        _logIsBroken |= !isRead || !isThere;
    }

    private void Check(Statement flush, long position)
    {
        var leaf = new LeafHash(position, CommandId.FromBytes(flush.Blob(0)), Time.Instant(flush.Long(1)));
        AddEvents(leaf, position, through: flush.Long(2));
        var blockHash = flush.IsNull(5) ? null : flush.Blob(5);
        if (!flush.IsNull(6) && !SHA256.HashData(flush.Blob(6)).AsSpan().SequenceEqual(blockHash))
            faults.Add($"flush {position}: its receipt block was changed");
        var computed = leaf.Finish(blockHash);
        if (!computed.AsSpan().SequenceEqual(flush.Blob(3)))
            faults.Add($"flush {position}: its leaf does not follow from its events and receipts");
        _log.Add(computed);
        if (_logIsBroken || _log.Root().AsSpan().SequenceEqual(flush.Blob(4)))
            return;
        faults.Add($"flush {position}: the root over the log so far differs");
        _logIsBroken = true;
    }

    private void AddEvents(LeafHash leaf, long position, long through)
    {
        var hashes = db.Prepare("SELECT hash, position FROM event WHERE n>?1 AND n<=?2 ORDER BY n");
        var from = _events;
        _events = through;
        using var use = hashes.Begin();
        hashes.Bind(from).Bind(through);
        while (hashes.Step())
        {
            leaf.Add(hashes.Blob(0));
            if (hashes.Long(1) != position)
                faults.Add($"flush {position}: holds an event that says it belongs to {hashes.Long(1)}");
        }
    }

    // A log cut off at its end with all that belongs to it still follows from itself.
    private void CheckEnd(long last)
    {
        var saved = db.Prepare("SELECT value FROM meta WHERE key='merkle'");
        using var use = saved.Begin();
        if (!(saved.Step() ? saved.Blob(0) : []).AsSpan().SequenceEqual(_log.Save()))
            faults.Add($"the log ends at flush {last}, its saved state does not: flushes are missing at the end");
    }
}
