using System.Security.Cryptography;
using Incidents.Audit;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;

namespace Incidents.Journal.Sqlite;

/// <summary>What one transaction wrote.</summary>
internal sealed record WrittenFlush(long LastEvent, byte[] Leaf, IReadOnlyList<Commit> Lost, long Bytes);

/// <summary>
/// The rows of one flush, in this order: the flush itself, heads (which proves the expected versions), events, messages,
/// repeats, requests, receipt block. Runs inside the caller's transaction.
/// </summary>
internal static class FlushWriter
{
    public static WrittenFlush Write(Database db, Flush flush, long position, long lastEvent, MerkleLog log)
    {
        InsertFlush(db, flush, position);
        var lost = Heads(db, flush);
        HashSet<Entry> dropped = lost.Count == 0 ? [] : flush.Closure(lost);
        if (dropped.Count > 0)
            Undo(db, flush, dropped, lost);
        var n = lastEvent;
        var leaf = new LeafHash(position, flush.Id, flush.SealedAt);
        long bytes = 4096;
        foreach (var commit in flush.Commits)
        {
            if (dropped.Contains(commit))
                continue;
            foreach (var envelope in commit.Events)
            {
                InsertEvent(db, ++n, commit.Slot.Number, position, envelope);
                leaf.Add(envelope.Hash);
                bytes += 600 + envelope.Payload.Length;
            }

            if (commit.Snapshot is { } state)
                InsertSnapshot(db, commit, state);
        }

        bytes += Messages(db, flush, dropped);
        Repeats(db, flush, dropped);
        var kept = dropped.Count == 0 ? flush.Requests : flush.Requests.Where(r => !dropped.Contains(r)).ToList();
        var block = kept.Count == 0 ? null : BlockWriter.Write(kept, flush.SealedAt);
        Requests(db, kept, position, flush);
        Calls(db, flush, dropped, position);
        var finished = leaf.Finish(block is null ? null : SHA256.HashData(block));
        Finish(db, flush, position, n, finished, block, log);
        return new WrittenFlush(n, finished, lost, bytes + (block?.Length ?? 0));
    }

    /// <summary>A flush that holds nothing and takes the place of one that never committed.</summary>
    public static byte[] Void(Database db, long position, long lastEvent, MerkleLog log)
    {
        db.Execute("BEGIN IMMEDIATE");
        var flush = new Flush
        {
            Id = default, SealedAt = default, Entries = [], Commits = [], Requests = [], UncoveredFrom = db.Number("SELECT uncovered_from FROM flush ORDER BY position DESC LIMIT 1"),
        };
        InsertFlush(db, flush, position);
        var leaf = new LeafHash(position, flush.Id, flush.SealedAt).Finish(null);
        Finish(db, flush, position, lastEvent, leaf, null, log);
        db.Execute("COMMIT");
        return leaf;
    }

    private static void InsertFlush(Database db, Flush flush, long position)
    {
        var insert = db.Prepare("INSERT INTO flush (position, id, time, last_event, leaf, root, uncovered_from) VALUES (?1,?2,?3,0,x'',x'',?4)");
        insert.Begin();
        insert.Bind(position).Bind(flush.Id.ToBytes()).Bind(Time.Nanoseconds(flush.SealedAt)).Bind(flush.UncoveredFrom == 0 ? position : flush.UncoveredFrom).Run();
    }

    private static List<Commit> Heads(Database db, Flush flush)
    {
        var lost = new List<Commit>();
        var insert = db.Prepare("INSERT INTO head (stream, version, hash) VALUES (?1,?2,?3) ON CONFLICT (stream) DO NOTHING RETURNING number");
        var update = db.Prepare("UPDATE head SET version=?1, hash=?2 WHERE number=?3 AND version=?4 RETURNING number");
        foreach (var commit in flush.Commits)
        {
            if (commit.Events.Count == 0)
                continue;
            var last = commit.Events[^1];
            var isNew = commit.Expected == 0;
            var statement = isNew ? insert : update;
            using (statement.Begin())
            {
                _ = isNew
                    ? statement.Bind(last.Stream).Bind(last.Version).Bind(last.Hash)
                    : statement.Bind(last.Version).Bind(last.Hash).Bind(commit.Slot.Number).Bind(commit.Expected);
                if (!statement.Step())
                    lost.Add(commit);
                else
                    commit.Slot.Number = statement.Long(0);
            }
        }

        return lost;
    }

    // What rests on a lost commit had moved its own head already: it moves back.
    private static void Undo(Database db, Flush flush, HashSet<Entry> dropped, List<Commit> lost)
    {
        foreach (var commit in flush.Commits.Reverse())
        {
            if (!dropped.Contains(commit) || lost.Contains(commit) || commit.Events.Count == 0)
                continue;
            var hash = HashBefore(db, flush, commit, dropped);
            var back = commit.Expected == 0
                ? db.Prepare("DELETE FROM head WHERE ?1 IS NOT NULL AND ?2 IS NOT NULL AND number=?3")
                : db.Prepare("UPDATE head SET version=?1, hash=?2 WHERE number=?3");
            back.Begin();
            back.Bind(commit.Expected).Bind(hash).Bind(commit.Slot.Number).Run();
        }
    }

    // The events of this flush are not written yet: what it rests on may be among those that stay.
    private static byte[] HashBefore(Database db, Flush flush, Commit commit, HashSet<Entry> dropped)
    {
        var here = flush.Commits.Where(c => c.Slot == commit.Slot && !dropped.Contains(c)).SelectMany(c => c.Events).FirstOrDefault(e => e.Version == commit.Expected);
        if (here is not null)
            return here.Hash;
        var previous = db.Prepare("SELECT hash FROM event WHERE head=?1 AND version=?2");
        using (previous.Begin())
            return previous.Bind(commit.Slot.Number).Bind(commit.Expected).Step() ? previous.Blob(0) : Chain.Start.ToArray();
    }

    /// <summary>Which commits of a flush that did commit were left out: those whose events are not there.</summary>
    public static IReadOnlyList<Commit> LeftOut(Database db, Flush flush)
    {
        var there = db.Prepare("SELECT 1 FROM head h JOIN event e ON e.head=h.number WHERE h.stream=?1 AND e.version=?2 AND e.hash=?3");
        return [.. flush.Commits.Where(c => c.Events.Count > 0 && !IsThere(c.Events[^1]))];

        bool IsThere(Envelope e)
        {
            using (there.Begin())
                return there.Bind(e.Stream).Bind(e.Version).Bind(e.Hash).Step();
        }
    }

    private static void InsertEvent(Database db, long n, long head, long position, Envelope e)
    {
        var insert = db.Prepare(
            "INSERT INTO event (n, head, version, position, type, schema, time, actor, on_behalf_of, delegation, authority, approval, policy, reason, payload, hash) " +
            "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)");
        insert.Begin();
        insert.Bind(n).Bind(head).Bind(e.Version).Bind(position).Bind(e.Type).Bind(e.Schema).Bind(e.Time).Bind(e.Actor).Bind(e.OnBehalfOf)
            .Bind(e.Delegation).Bind(e.Grant).Bind(e.Approval).Bind(e.Policy).Bind(e.Reason).Bind(e.Payload).Bind(e.Hash).Run();
    }

    private static void InsertSnapshot(Database db, Commit commit, object state)
    {
        var insert = db.Prepare("INSERT OR REPLACE INTO snapshot (head, version, fold, state) VALUES (?1,?2,?3,?4)");
        insert.Begin();
        insert.Bind(commit.Slot.Number).Bind(commit.Expected + commit.Events.Count).Bind(Snapshots.FoldVersion).Bind(Snapshots.Write(state)).Run();
    }

    private static long Messages(Database db, Flush flush, HashSet<Entry> dropped)
    {
        long bytes = 0;
        var delete = db.Prepare("DELETE FROM message WHERE lane=?1 AND due=?2 AND id=?3");
        foreach (var message in flush.ToDelete(dropped))
            At(delete, message).Run();
        foreach (var message in flush.Trials(dropped))
            CountAttempt(db, message);

        var insert = db.Prepare("INSERT INTO message (lane, due, id, target, by_id, by_kind, on_behalf_of, type, payload, trace) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");
        foreach (var message in flush.ToStore(dropped))
        {
            At(insert, message).Bind(message.To.ToString()).Bind(message.By.Id)
                .Bind((long)message.By.Kind).Bind(message.By.OnBehalfOf).Bind(message.Type).Bind(message.Payload).Bind(message.Origin?.ToBytes()).Run();
            bytes += 300 + message.Payload.Length;
        }

        return bytes;
    }

    /// <summary>Counts, where a restart finds it, that a stored message is tried or was tried in vain.</summary>
    public static void CountAttempt(Database db, MessageWork message) =>
        At(db.Prepare("UPDATE message SET attempts=attempts+1 WHERE lane=?1 AND due=?2 AND id=?3"), message).Run();

    private static Statement At(Statement statement, MessageWork message)
    {
        statement.Begin();
        return statement.Bind((long)message.Lane).Bind(message.Due).Bind(message.Id.ToBytes());
    }

    private static void Repeats(Database db, Flush flush, HashSet<Entry> dropped)
    {
        var write = db.Prepare("INSERT OR REPLACE INTO repeats (head, version, saved) VALUES (?1,?2,?3)");
        foreach (var save in flush.Saves(dropped))
        {
            write.Begin();
            write.Bind(save.Slot.Number).Bind(save.Saved.Version).Bind(RepeatsRow.Write(save.Saved)).Run();
        }
    }

    private static void Requests(Database db, IReadOnlyList<RequestRecord> requests, long position, Flush flush)
    {
        for (var number = 0; number < requests.Count; number++)
        {
            if (requests[number].Request.Key is not { } key)
                continue;
            var insert = db.Prepare("INSERT INTO request (key, position, number, time) VALUES (?1,?2,?3,?4)");
            insert.Begin();
            insert.Bind(key.ToBytes()).Bind(position).Bind(number).Bind(Time.Nanoseconds(flush.SealedAt)).Run();
        }
    }

    private static void Calls(Database db, Flush flush, HashSet<Entry> dropped, long position)
    {
        // A repeat that was answered from memory writes no second row.
        var insert = db.Prepare("INSERT INTO request (key, position, number, time) VALUES (?1,?2,-1,?3) ON CONFLICT (key) DO NOTHING");
        foreach (var commit in flush.Commits.Where(c => c.Remembers is not null && !dropped.Contains(c)))
        {
            insert.Begin();
            insert.Bind(commit.Remembers!.Value.ToBytes()).Bind(position).Bind(Time.Nanoseconds(flush.SealedAt)).Run();
        }
    }

    private static void Finish(Database db, Flush flush, long position, long lastEvent, byte[] leaf, byte[]? block, MerkleLog log)
    {
        // The log itself moves on only when the transaction is known to be durable.
        var ahead = MerkleLog.Restore(log.Size, log.Save());
        ahead.Add(leaf);
        var update = db.Prepare("UPDATE flush SET last_event=?1, leaf=?2, root=?3, block_hash=?4, block=?5 WHERE position=?6");
        update.Begin();
        update.Bind(lastEvent).Bind(leaf).Bind(ahead.Root()).Bind(block is null ? null : SHA256.HashData(block)).Bind(block).Bind(position).Run();
        var merkle = db.Prepare("INSERT INTO meta (key, value) VALUES ('merkle', ?1) ON CONFLICT (key) DO UPDATE SET value=excluded.value");
        merkle.Begin();
        merkle.Bind(ahead.Save()).Run();
    }
}
