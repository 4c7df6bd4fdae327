using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Receipts;
using NodaTime;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>What people and views read: one connection behind a lock, each read short. A cut connection is opened again at once, and no longer waited for.</summary>
public sealed class PostgresHistory(PostgresAddress address) : IStoredHistory, IDisposable
{
    private const string Columns = "f.position, h.stream, e.place, " + EventRow.Columns;

    // Behind a server that does not answer a queue would form, and everybody in it hold a thread.
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(5);

    private readonly PostgresSession _session = new(address, "history");
    private readonly Lock _lock = new();

    public long Position => Read("SELECT coalesce(max(position), 0) FROM flush", r => r.GetInt64(0))[0];

    public long UncoveredFrom => Read($"SELECT min({PostgresShards.UncoveredFrom}) FROM shard s", r => r.GetInt64(0))[0];

    public IReadOnlyDictionary<long, StreamRow> Rows(IReadOnlyCollection<long> numbers) => Read(
        "SELECT h.number, h.stream, r.version, r.saved FROM head h LEFT JOIN repeats r ON r.head=h.number WHERE h.number=ANY($1)",
        r => (Number: r.GetInt64(0), Row: new StreamRow(StreamId.Parse(r.GetString(1)), r.IsDBNull(2) ? null : RepeatsRow.Read(r.GetInt64(2), r.Blob(3)))),
        () => [All(numbers)]).ToDictionary(r => r.Number, r => r.Row);

    public StoredBlock? Block(long position) => Blocks("f.position=$1", position, 1).FirstOrDefault();

    public IReadOnlyList<StoredBlock> Blocks(long from, int limit) => Blocks("f.position>=$1", from, limit);

    public (long Position, int Number)? Request(CommandId key)
    {
        var found = Read("SELECT f.position, r.number FROM request r JOIN flush f ON f.number=r.flush WHERE r.key=$1", r => (r.GetInt64(0), r.GetInt32(1)), () => [P(key.ToBytes())]);
        return found.Count == 0 ? null : found[0];
    }

    public StreamId? Stream(long number)
    {
        var found = Read("SELECT stream FROM head WHERE number=$1", r => StreamId.Parse(r.GetString(0)), () => [P(number)]);
        return found.Count == 0 ? null : found[0];
    }

    public IReadOnlyList<StoredEvent> Events(StreamId stream, long from, int limit)
    {
        var events = Read(
            $"SELECT {Columns} FROM (SELECT number, stream FROM head WHERE stream=$1) h CROSS JOIN LATERAL " +
            "(SELECT * FROM event WHERE head=h.number AND version>=$2 ORDER BY version LIMIT $3) e JOIN flush f ON f.number=e.flush ORDER BY e.version",
            Event, () => [P(stream.ToString()), P(from), P(limit)]);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0 || from == 1)
                Intact.Require(events[i].Envelope, i > 0 ? events[i - 1].Envelope.Hash : Chain.Start);
        }

        return events;
    }

    // The flushes are chosen first, in a list of their own, so that the planner has nothing to guess.
    public IReadOnlyList<StoredEvent> After(long position, int atLeast) => Read(
        "WITH start AS (SELECT coalesce((SELECT last_event FROM flush WHERE position=$1), 0) AS last_event), " +
        "goal AS (SELECT coalesce((SELECT f.position FROM flush f, start s WHERE f.position>$1 AND f.last_event>=s.last_event+$2 ORDER BY f.position LIMIT 1), (SELECT coalesce(max(position), 0) FROM flush)) AS position) " +
        $"SELECT {Columns} FROM flush f JOIN event e ON e.flush=f.number JOIN head h ON h.number=e.head WHERE f.position>$1 AND f.position<=(SELECT position FROM goal) ORDER BY f.position, e.place",
        Event, () => [P(position), P(atLeast)]);

    public IReadOnlyList<StoredEvent> Configured(ActorKind kind) => Read(
        $"SELECT {Columns}, p.hash FROM head h JOIN event e ON e.head=h.number AND e.version=(SELECT max(c.version) FROM event c WHERE c.head=h.number AND right(c.type, 10)='configured') " +
        "JOIN flush f ON f.number=e.flush LEFT JOIN event p ON p.head=e.head AND p.version=e.version-1 WHERE h.stream>=$1 AND h.stream<$2 ORDER BY h.stream",
        r => Intact.Require(Event(r), r.BlobOrNull(16)), () => [P(StreamId.Prefix(kind)), P(StreamId.Prefix(kind)[..^1] + "0")]);

    public IReadOnlyList<StreamId> Streams(ActorKind kind) => Read(
        "SELECT stream FROM head WHERE stream>=$1 AND stream<$2 ORDER BY stream",
        r => StreamId.Parse(r.GetString(0)), () => [P(StreamId.Prefix(kind)), P(StreamId.Prefix(kind)[..^1] + "0")]);

    public IReadOnlyList<RefusedRow> RefusedBefore(long id, int limit, string? identity = null, string? integration = null) => Read(
        "SELECT id, time, identity, integration, reason, detail, count FROM refused WHERE id<$1 AND ($3='' OR identity=$3) AND ($4='' OR integration=$4) ORDER BY id DESC LIMIT $2",
        r => new RefusedRow(r.GetInt64(0), Time.Instant(r.GetInt64(1)), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetInt64(6)),
        () => [P(id == 0 ? long.MaxValue : id), P(limit), P(identity ?? ""), P(integration ?? "")]);

    public IReadOnlyList<(string Page, Instant Since)> OpenPages(int limit) => Read(
        "SELECT substr(m.target, 6), coalesce(min(e.time), min(m.due)) FROM message m LEFT JOIN head h ON h.stream=m.target LEFT JOIN event e ON e.head=h.number " +
        "WHERE m.target>='page/' AND m.target<'page0' GROUP BY m.target HAVING NOT coalesce(bool_or(e.type IN ('page.delivered', 'page.given-up', 'page.withdrawn')), false) LIMIT $1",
        r => (r.GetString(0), Time.Instant(r.GetInt64(1))), () => [P(limit)]);

    public void Dispose()
    {
        lock (_lock)
            _session.Dispose();
    }

    private List<StoredBlock> Blocks(string where, long position, int limit) => Read(
        $"SELECT f.position, f.time, b.bytes FROM flush f JOIN block b ON b.flush=f.number WHERE {where} ORDER BY f.position LIMIT $2",
        r => new StoredBlock(r.GetInt64(0), Time.Instant(r.GetInt64(1)), r.Blob(2)), () => [P(position), P(limit)]);

    private static StoredEvent Event(NpgsqlDataReader r) => new(r.GetInt64(0), EventRow.Read(r, r.GetString(1), from: 3), r.GetInt32(2));

    private List<T> Read<T>(string sql, Func<NpgsqlDataReader, T> row, Func<NpgsqlParameter[]>? parameters = null)
    {
        if (!_lock.TryEnter(LongestQueue))
            throw new PostgresFailureException($"no other read has ended in {LongestQueue.TotalSeconds:0} s", new TimeoutException());
        try
        {
            return _session.Read(TimeSpan.Zero, c => c.Rows(sql, row, parameters?.Invoke() ?? []));
        }
        finally
        {
            _lock.Exit();
        }
    }
}
