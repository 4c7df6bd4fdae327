using System.Security.Cryptography;
using Incidents.Audit;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>
/// The rows of one flush: first its id and the heads, which proves the expected versions; then everything else, with the lock on the
/// log's end and the proof of ownership; at last the flush's place in the log and the commit. That is up to three round trips: without
/// heads the first goes with the second, and the last goes with the second where the log's end is known before it is locked. Rows of
/// every table are locked in the order of their keys. Used for one attempt at one flush.
/// </summary>
/// <param name="number">By which the flush's rows know each other; taken for this flush alone.</param>
internal sealed class FlushWriter(NpgsqlConnection connection, PostgresShards shards, Flush flush, HashSet<Entry> dropped, long number)
{
    /// <summary>What the server says where the log does not end where it was known to, or a shard is another's.</summary>
    public const string MovedOn = "IN001";

    private const string Touch =
        "WITH held AS MATERIALIZED (SELECT lane, due, id, w.counts FROM message JOIN unnest($1, $2, $3, $4) AS w(lane, due, id, counts) USING (lane, due, id) ORDER BY lane, due, id FOR UPDATE OF message), " +
        "done AS (DELETE FROM message m USING held h WHERE m.lane=h.lane AND m.due=h.due AND m.id=h.id AND NOT h.counts), " +
        "counted AS (UPDATE message m SET attempts=attempts+1 FROM held h WHERE m.lane=h.lane AND m.due=h.due AND m.id=h.id AND h.counts) ";

    private readonly List<Commit> _commits = [.. flush.Commits.Where(c => !dropped.Contains(c))];
    private bool _begun;
    private int _events;
    private byte[]? _block;
    private List<MessageWork> _made = [];
    private bool _crosses;
    private int _touched;
    private LogEnd _end;

    /// <summary>The flush's position; known behind <see cref="WriteRows"/>.</summary>
    public long Position => _end.Position + 1;

    /// <summary>Behind the commit: where the log ends now.</summary>
    public LogEnd Next { get; private set; }

    /// <summary>Begins the transaction, writes the id and moves the heads on, where there are any.</summary>
    /// <returns>The commits whose stream had moved on; with any of them this attempt must be rolled back.</returns>
    public List<Commit> WriteHeads()
    {
        var streams = _commits.Where(c => c.Events.Count > 0).GroupBy(c => c.Slot).Select(g => (Slot: g.Key, g.First().Expected, Last: g.Last().Events[^1])).ToList();
        var made = streams.Where(s => s.Expected == 0).OrderBy(s => s.Last.Stream, StringComparer.Ordinal).ToList();
        var moved = streams.Where(s => s.Expected > 0).OrderBy(s => s.Slot.Number).ToList();
        if (streams.Count == 0)
            return [];
        using var batch = new NpgsqlBatch(connection);
        BeginOn(batch);
        if (moved.Count > 0)
        {
            // In their order; and a statement of its own, because the update must see what was committed before the locks were given.
            batch.Add("SELECT count(*) FROM (SELECT 1 FROM head WHERE number=ANY($1) ORDER BY number FOR NO KEY UPDATE) held", All(moved.Select(s => s.Slot.Number)));
            batch.Add(
                "UPDATE head h SET version=w.version, hash=w.hash FROM unnest($1, $2, $3, $4) AS w(number, expected, version, hash) WHERE h.number=w.number AND h.version=w.expected RETURNING h.number",
                All(moved.Select(s => s.Slot.Number)), All(moved.Select(s => s.Expected)), All(moved.Select(s => s.Last.Version)), All(moved.Select(s => s.Last.Hash)));
        }

        if (made.Count > 0)
        {
            batch.Add(
                "INSERT INTO head (stream, version, hash) SELECT * FROM unnest($1, $2, $3) ON CONFLICT (stream) DO NOTHING RETURNING number, stream",
                All(made.Select(s => s.Last.Stream)), All(made.Select(s => s.Last.Version)), All(made.Select(s => s.Last.Hash)));
        }

        var won = new HashSet<StreamSlot>();
        using (var reader = batch.ExecuteReader())
        {
            if (moved.Count > 0)
            {
                reader.NextResult();
                var numbers = reader.Rows(r => r.GetInt64(0)).ToHashSet();
                won.UnionWith(moved.Where(s => numbers.Contains(s.Slot.Number)).Select(s => s.Slot));
                reader.NextResult();
            }

            if (made.Count > 0)
            {
                var numbers = reader.Rows(r => (Stream: r.GetString(1), Number: r.GetInt64(0))).ToDictionary(r => r.Stream, r => r.Number, StringComparer.Ordinal);
                foreach (var slot in made.Where(s => numbers.ContainsKey(s.Last.Stream)).Select(s => s.Slot))
                {
                    slot.Number = numbers[slot.Stream.ToString()];
                    won.Add(slot);
                }
            }
        }

        return [.. _commits.Where(c => c.Events.Count > 0 && !won.Contains(c.Slot))];
    }

    /// <summary>Writes everything that needs no position, then locks the log's end and proves that the shards are ours, and where something is new that every node reads it.</summary>
    /// <exception cref="ShardsLostException">They are not; this attempt must be rolled back.</exception>
    /// <exception cref="TooNewException">A node lives that does not; this attempt must be rolled back.</exception>
    public void WriteRows()
    {
        using var batch = new NpgsqlBatch(connection);
        if (!_begun)
            BeginOn(batch);
        Rows(batch, requires: false);
        shards.AddProof(batch, Proved());
        if (flush.Needs > shards.Mark)
            batch.Add("SELECT speak($1)", P(flush.Needs));
        using var reader = batch.ExecuteReader();
        var there = _touched > 0 ? reader.Rows(r => r.GetInt64(0))[0] : 0;
        if (_touched > 0)
            reader.NextResult();
        _end = PostgresShards.ReadProof(reader);

        // Where the shards are another's its owner may have been first; where they are ours nobody may.
        if (there != _touched)
            throw new JournalBrokenException($"{_touched - there} messages that a flush is done with are not there");
        if (!reader.NextResult())
            return;
        if (reader.Rows(r => r.IsDBNull(0) ? 0 : r.GetInt32(0))[0] is var spoken && spoken < flush.Needs)
            throw new TooNewException(flush.Needs, spoken);
    }

    /// <summary>Takes the next place in the log and commits. Whoever breaks off here does not know whether it is durable.</summary>
    public void Commit()
    {
        using var batch = new NpgsqlBatch(connection);
        Finish(batch);
    }

    /// <summary>The last two in one, where the log's end is known. Whoever breaks off here does not know whether it is durable.</summary>
    /// <exception cref="PostgresException">With <see cref="MovedOn"/>: it is not there any more, or what <see cref="WriteRows"/> refuses; this attempt must be rolled back.</exception>
    public void WriteAndCommit(LogEnd end)
    {
        // What is sent as one and begins nothing is a transaction of its own.
        _end = end;
        using var batch = new NpgsqlBatch(connection);
        if (!_begun)
            Id(batch);
        Rows(batch, requires: true);
        shards.AddRequirement(batch, Proved(), end.Position);
        Finish(batch);
    }

    private void Finish(NpgsqlBatch batch)
    {
        var leaf = new LeafHash(Position, flush.Id, flush.SealedAt);
        foreach (var e in _commits.SelectMany(c => c.Events))
            leaf.Add(e.Hash);
        var blockHash = _block is null ? null : SHA256.HashData(_block);
        var finished = leaf.Finish(blockHash);
        var log = MerkleLog.Restore(_end.Position, _end.Merkle);
        log.Add(finished);
        var next = new LogEnd(Position, _end.LastEvent + _events, log.Save());
        batch.Add(
            "WITH place AS (INSERT INTO flush (position, number, time, events, last_event, leaf, root, block_hash, uncovered_from, node) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)), " +
            "before AS (DELETE FROM log_end WHERE position=$11) INSERT INTO log_end (position, last_event, merkle) VALUES ($1, $5, $12)",
            P(next.Position), P(number), P(Time.Nanoseconds(flush.SealedAt)), P(_events), P(next.LastEvent), P(finished), P(log.Root()), Maybe(blockHash),
            P(flush.UncoveredFrom == 0 ? Position : flush.UncoveredFrom), P(shards.Node), P(_end.Position), P(next.Merkle));
        if (_crosses)
            batch.Add($"NOTIFY {PostgresBell.Channel}");
        if (_begun)
            batch.Add("COMMIT");
        batch.ExecuteNonQuery();
        Next = next;
    }

    private int[] Proved() => shards.IsSole ? [0] : [.. flush.Shards(dropped).Union(_made.Where(m => !m.Crosses).Select(m => m.To.Shard))];

    private void Rows(NpgsqlBatch batch, bool requires)
    {
        Events(batch);
        Snapshots(batch);
        Messages(batch, requires);
        Repeats(batch);
        Requests(batch);
    }

    private void BeginOn(NpgsqlBatch batch)
    {
        _begun = true;
        batch.Add("BEGIN");
        Id(batch);
    }

    private void Id(NpgsqlBatch batch) => batch.Add("INSERT INTO flush_id (id, number) OVERRIDING SYSTEM VALUE VALUES ($1, $2)", P(flush.Id.ToBytes()), P(number));

    private void Events(NpgsqlBatch batch)
    {
        var heads = new List<long>();
        var events = new List<Envelope>();
        foreach (var commit in _commits)
        {
            events.AddRange(commit.Events);
            heads.AddRange(commit.Events.Select(_ => commit.Slot.Number));
        }

        _events = events.Count;
        if (_events == 0)
            return;
        batch.Add(
            "INSERT INTO event (head, version, flush, place, type, schema, time, actor, on_behalf_of, delegation, authority, approval, policy, reason, payload, hash) " +
            "SELECT u.head, u.version, $1, u.place, u.type, u.schema, u.time, u.actor, u.on_behalf_of, u.delegation, u.authority, u.approval, u.policy, u.reason, u.payload, u.hash " +
            "FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) WITH ORDINALITY " +
            "AS u(head, version, type, schema, time, actor, on_behalf_of, delegation, authority, approval, policy, reason, payload, hash, place) ORDER BY u.place",
            P(number), All(heads), All(events.Select(e => e.Version)), All(events.Select(e => e.Type)), All(events.Select(e => e.Schema)), All(events.Select(e => e.Time)),
            All(events.Select(e => e.Actor)), All(events.Select(e => e.OnBehalfOf)), All(events.Select(e => e.Delegation)), All(events.Select(e => e.Grant)),
            All(events.Select(e => e.Approval)), All(events.Select(e => e.Policy)), All(events.Select(e => e.Reason)), All(events.Select(e => e.Payload)), All(events.Select(e => e.Hash)));
    }

    private void Snapshots(NpgsqlBatch batch)
    {
        var states = _commits.Where(c => c.Snapshot is not null).GroupBy(c => c.Slot.Number).Select(g => g.Last()).OrderBy(c => c.Slot.Number).ToList();
        if (states.Count == 0)
            return;
        batch.Add(
            "INSERT INTO snapshot (head, version, fold, state) SELECT u.head, u.version, $1, u.state FROM unnest($2, $3, $4) AS u(head, version, state) " +
            "ON CONFLICT (head) DO UPDATE SET version=excluded.version, fold=excluded.fold, state=excluded.state",
            P(Engine.Codec.Snapshots.FoldVersion), All(states.Select(c => c.Slot.Number)), All(states.Select(c => c.Expected + c.Events.Count)),
            All(states.Select(c => Engine.Codec.Snapshots.Write(c.Snapshot!))));
    }

    private void Messages(NpgsqlBatch batch, bool requires)
    {
        StoredMessages(batch, requires);
        var made = _made = [.. flush.ToStore(dropped).OrderBy(m => m.Lane).ThenBy(m => m.Due).ThenBy(m => m.Id.Value)];
        if (made.Count == 0)
            return;
        _crosses = made.Exists(m => m.Crosses);
        batch.Add(
            "INSERT INTO message (id, lane, due, target, by_id, by_kind, on_behalf_of, type, payload, trace, shard, crossed) " +
            "SELECT u.id, u.lane, u.due, u.target, u.by_id, u.by_kind, u.on_behalf_of, u.type, u.payload, u.trace, u.shard, CASE WHEN u.crosses THEN $1 END " +
            "FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS u(id, lane, due, target, by_id, by_kind, on_behalf_of, type, payload, trace, shard, crosses)",
            P(number), All(made.Select(m => m.Id.ToBytes())), All(made.Select(m => (short)m.Lane)), All(made.Select(m => m.Due)), All(made.Select(m => m.To.ToString())),
            All(made.Select(m => m.By.Id)), All(made.Select(m => (short)m.By.Kind)), All(made.Select(m => m.By.OnBehalfOf)), All(made.Select(m => m.Type)),
            All(made.Select(m => m.Payload)), All(made.Select(m => m.Origin?.ToBytes())), All(made.Select(m => (short)m.To.Shard)), All(made.Select(m => m.Crosses)));
    }

    // Those that are done with and those whose attempts are counted, locked together in the order of their keys.
    private void StoredMessages(NpgsqlBatch batch, bool requires)
    {
        var consumed = flush.ToDelete(dropped).ToHashSet();
        List<MessageWork> touched = [.. consumed, .. flush.Trials(dropped).Where(m => !consumed.Contains(m))];
        _touched = touched.Count;
        if (_touched == 0)
            return;
        NpgsqlParameter[] which =
        [
            All(touched.Select(m => (short)m.Lane)), All(touched.Select(m => m.Due)), All(touched.Select(m => m.Id.ToBytes())), All(touched.Select(m => !consumed.Contains(m))),
        ];
        if (requires)
            batch.Add(Touch + "SELECT require(count(*)=$5) FROM held", [.. which, P((long)_touched)]);
        else
            batch.Add(Touch + "SELECT count(*) FROM held", which);
    }

    private void Repeats(NpgsqlBatch batch)
    {
        var saves = flush.Saves(dropped).GroupBy(s => s.Slot.Number).Select(g => g.Last()).OrderBy(s => s.Slot.Number).ToList();
        if (saves.Count == 0)
            return;
        batch.Add(
            "INSERT INTO repeats (head, version, saved) SELECT * FROM unnest($1, $2, $3) ON CONFLICT (head) DO UPDATE SET version=excluded.version, saved=excluded.saved",
            All(saves.Select(s => s.Slot.Number)), All(saves.Select(s => s.Saved.Version)), All(saves.Select(s => RepeatsRow.Write(s.Saved))));
    }

    private void Requests(NpgsqlBatch batch)
    {
        var kept = flush.Requests.Where(r => !dropped.Contains(r)).ToList();
        if (kept.Count > 0)
            batch.Add("INSERT INTO block (flush, bytes) VALUES ($1, $2)", P(number), P(_block = BlockWriter.Write(kept, flush.SealedAt)));
        var keyed = kept.Select((r, place) => (r.Request.Key, Place: place)).Where(r => r.Key is not null).Select(r => (Key: r.Key!.Value, r.Place)).OrderBy(r => r.Key.Value).ToList();
        if (keyed.Count > 0)
        {
            batch.Add("INSERT INTO request (key, flush, number, time) SELECT u.key, $1, u.number, $2 FROM unnest($3, $4) AS u(key, number)",
                P(number), P(Time.Nanoseconds(flush.SealedAt)), All(keyed.Select(r => r.Key.ToBytes())), All(keyed.Select(r => r.Place)));
        }

        // A repeat that was answered from memory writes no second row.
        var calls = _commits.Where(c => c.Remembers is not null).Select(c => c.Remembers!.Value).Distinct().OrderBy(k => k.Value).ToList();
        if (calls.Count > 0)
        {
            batch.Add("INSERT INTO request (key, flush, number, time) SELECT u.key, $1, -1, $2 FROM unnest($3) AS u(key) ON CONFLICT (key) DO NOTHING",
                P(number), P(Time.Nanoseconds(flush.SealedAt)), All(calls.Select(k => k.ToBytes())));
        }
    }
}

/// <summary>A node lives that does not read what a flush holds.</summary>
internal sealed class TooNewException(int needs, int spoken) : Exception(FormattableString.Invariant($"a node lives that reads {spoken}; what is to be written needs {needs}"))
{
    public int Spoken => spoken;
}
