using System.Security.Cryptography;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;

namespace Incidents.Journal.Sqlite;

/// <summary>What a walk over the whole journal found.</summary>
/// <param name="Faults">One line each; none: verified.</param>
public sealed record VerificationReport(long Flushes, long Streams, long Events, byte[] Root, IReadOnlyList<string> Faults);

/// <summary>Recomputes every stream's hash chain, every flush's leaf and the Merkle root from what is stored.</summary>
public static class Verification
{
    public static VerificationReport Run(string path)
    {
        using var db = new Database(path, readOnly: true);
        db.Execute("BEGIN");
        var faults = new List<string>();
        var (streams, events) = Chains(db, faults);
        var (flushes, root) = Flushes(db, faults);
        db.Execute("COMMIT");
        return new VerificationReport(flushes, streams, events, root, faults);
    }

    private static (long Streams, long Events) Chains(Database db, List<string> faults)
    {
        long streams = 0, events = 0;
        var rows = db.Prepare(
            "SELECT h.stream, h.version, h.hash, e.version, e.type, e.schema, e.time, e.actor, e.on_behalf_of, e.delegation, e.authority, e.approval, e.policy, e.reason, e.payload, e.hash " +
            "FROM head h LEFT JOIN event e ON e.head=h.number ORDER BY h.number, e.version");
        using var use = rows.Begin();
        var stream = "";
        byte[] hash = [], head = [];
        long version = 0, last = 0;
        while (rows.Step())
        {
            if (rows.Text(0) != stream)
            {
                End();
                (stream, last, head, version, hash) = (rows.Text(0), rows.Long(1), rows.Blob(2), 0, Chain.Start.ToArray());
                streams++;
            }

            if (rows.IsNull(3))
                continue;
            events++;
            var stored = rows.Blob(15);
            var computed = Chain.Next(hash, Event(rows, stream));
            if (rows.Long(3) != ++version)
                faults.Add($"{stream}: version {rows.Long(3)} stands where {version} belongs");
            if (!computed.AsSpan().SequenceEqual(stored))
                faults.Add($"{stream}: event {rows.Long(3)} was changed: its hash does not follow");
            (hash, version) = (stored, rows.Long(3));
        }

        End();
        return (streams, events);

        void End()
        {
            if (stream.Length > 0 && (version != last || !hash.AsSpan().SequenceEqual(head)))
                faults.Add($"{stream}: the head says version {last}, the events end at {version}");
        }
    }

    private static Envelope Event(Statement s, string stream) => new()
    {
        Stream = stream, Version = s.Long(3), Type = s.Text(4), Schema = (int)s.Long(5), Time = s.Long(6), Actor = s.Text(7), OnBehalfOf = s.TextOrNull(8),
        Delegation = s.TextOrNull(9), Grant = s.TextOrNull(10), Approval = s.TextOrNull(11), Policy = s.TextOrNull(12), Reason = s.Text(13), Payload = s.Blob(14), Hash = [],
    };

    private static (long Flushes, byte[] Root) Flushes(Database db, List<string> faults)
    {
        var log = new MerkleLog();
        long position = 0, n = 0;
        var rows = db.Prepare("SELECT position, id, time, last_event, leaf, root, block_hash, block FROM flush ORDER BY position");
        var hashes = db.Prepare("SELECT hash, position FROM event WHERE n>?1 AND n<=?2 ORDER BY n");
        using var use = rows.Begin();
        while (rows.Step())
        {
            if (rows.Long(0) != ++position)
            {
                faults.Add($"flush {position} is missing; {rows.Long(0)} follows");
                position = rows.Long(0);
            }

            var leaf = new LeafHash(position, CommandId.FromBytes(rows.Blob(1)), Time.Instant(rows.Long(2)));
            using (hashes.Begin())
            {
                hashes.Bind(n).Bind(rows.Long(3));
                while (hashes.Step())
                {
                    leaf.Add(hashes.Blob(0));
                    if (hashes.Long(1) != position)
                        faults.Add($"flush {position}: holds an event that says it belongs to {hashes.Long(1)}");
                }
            }

            n = rows.Long(3);
            var blockHash = rows.IsNull(6) ? null : rows.Blob(6);
            if (!rows.IsNull(7) && !SHA256.HashData(rows.Blob(7)).AsSpan().SequenceEqual(blockHash))
                faults.Add($"flush {position}: its receipt block was changed");
            var computed = leaf.Finish(blockHash);
            if (!computed.AsSpan().SequenceEqual(rows.Blob(4)))
                faults.Add($"flush {position}: its leaf does not follow from its events and receipts");
            log.Add(computed);
            if (!log.Root().AsSpan().SequenceEqual(rows.Blob(5)))
                faults.Add($"flush {position}: the root over the log so far differs");
        }

        // A log cut off at its end with all that belongs to it still follows from itself.
        if (!Saved(db).AsSpan().SequenceEqual(log.Save()))
            faults.Add($"the log ends at flush {position}, its saved state does not: flushes are missing at the end");
        if (db.Number("SELECT count(*) FROM event") != n)
            faults.Add($"there are {db.Number("SELECT count(*) FROM event")} events, the flushes hold {n}");
        return (position, log.Root());
    }

    private static byte[] Saved(Database db)
    {
        var row = db.Prepare("SELECT value FROM meta WHERE key='merkle'");
        using (row.Begin())
            return row.Step() ? row.Blob(0) : [];
    }
}
