using System.Security.Cryptography;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>Recomputes the leaf of every flush and the Merkle log over them.</summary>
internal sealed class FlushCheck(NpgsqlConnection connection, List<string> faults)
{
    private const int Step = 1000;

    private readonly MerkleLog _log = new();
    private long _events;

    // Behind a flush that is gone or differs, every root differs: that is said once.
    private bool _logIsBroken;

    public (long Flushes, byte[] Root) Run()
    {
        var (last, merkle) = connection.Rows(PostgresShards.End, r => (r.GetInt64(0), r.Blob(2)))[0];
        for (var from = 0L; from < last; from += Step)
            Check(from, Math.Min(last, from + Step), whole: true);
        if (!_logIsBroken && !merkle.AsSpan().SequenceEqual(_log.Save()))
            faults.Add($"the log ends at flush {last}, its saved state does not: flushes are missing at the end");
        if (connection.Rows("SELECT position FROM flush WHERE position>$1 ORDER BY position LIMIT 1", r => r.GetInt64(0), P(last)) is [var behind])
            faults.Add($"flush {behind} stands behind the end of the log, which is {last}");
        var counted = connection.Rows("SELECT count(*) FROM event", r => r.GetInt64(0))[0];
        if (counted != _events)
            faults.Add($"there are {counted} events, the flushes hold {_events}");
        return (last, _log.Root());
    }

    /// <summary>The leaves of the flushes behind a position alone.</summary>
    public void Tail(long from)
    {
        var last = connection.Rows("SELECT coalesce(max(position), 0) FROM flush", r => r.GetInt64(0))[0];
        Check(Math.Max(0, from), last, whole: false);
    }

    private void Check(long from, long through, bool whole)
    {
        var hashes = connection.Rows(
            "SELECT e.flush, e.place, e.hash FROM flush f JOIN event e ON e.flush=f.number WHERE f.position>$1 AND f.position<=$2 ORDER BY f.position, e.place",
            r => (Flush: r.GetInt64(0), Place: r.GetInt32(1), Hash: r.Blob(2)), P(from), P(through)).ToLookup(e => e.Flush, e => (e.Place, e.Hash));
        var flushes = connection.Rows(
            "SELECT f.position, f.number, i.id, f.time, f.events, f.last_event, f.leaf, f.root, f.block_hash, b.bytes FROM flush f LEFT JOIN flush_id i USING (number) LEFT JOIN block b ON b.flush=f.number " +
            "WHERE f.position>$1 AND f.position<=$2", FlushRow.Read, P(from), P(through)).ToDictionary(f => f.Position);
        for (var position = from + 1; position <= through; position++)
        {
            if (flushes.TryGetValue(position, out var flush))
                Check(flush, [.. hashes[flush.Number]], whole);
            else
                faults.Add($"flush {position} is missing");
            _logIsBroken |= flush is null;
        }
    }

    private void Check(FlushRow flush, List<(int Place, byte[] Hash)> events, bool whole)
    {
        var leaf = new LeafHash(flush.Position, CommandId.FromBytes(flush.Id), Time.Instant(flush.Time));
        foreach (var (_, hash) in events)
            leaf.Add(hash);
        if (events.Count != flush.Events || events.Where((e, i) => e.Place != i + 1).Any())
            faults.Add($"flush {flush.Position}: holds {events.Count} events, {flush.Events} belong there");
        if (flush.Block is not null && !SHA256.HashData(flush.Block).AsSpan().SequenceEqual(flush.BlockHash))
            faults.Add($"flush {flush.Position}: its receipt block was changed");
        var computed = leaf.Finish(flush.BlockHash);
        if (!computed.AsSpan().SequenceEqual(flush.Leaf))
            faults.Add($"flush {flush.Position}: its leaf does not follow from its events and receipts");
        if (!whole)
            return;
        _events += flush.Events;
        if (_events != flush.LastEvent)
            faults.Add($"flush {flush.Position}: says that it ends at event {flush.LastEvent}, it ends at {_events}");
        _log.Add(computed);
        if (_logIsBroken || _log.Root().AsSpan().SequenceEqual(flush.Root))
            return;
        faults.Add($"flush {flush.Position}: the root over the log so far differs");
        _logIsBroken = true;
    }

    private sealed record FlushRow(long Position, long Number, byte[] Id, long Time, int Events, long LastEvent, byte[] Leaf, byte[] Root, byte[]? BlockHash, byte[]? Block)
    {
        public static FlushRow Read(NpgsqlDataReader r) => new(
            r.GetInt64(0), r.GetInt64(1), r.BlobOrNull(2) is { Length: 16 } id ? id : new byte[16], r.GetInt64(3), r.GetInt32(4), r.GetInt64(5), r.Blob(6), r.Blob(7), r.BlobOrNull(8), r.BlobOrNull(9));
    }
}
