using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Receipts;
using NodaTime;

namespace Incidents.Journal.Sqlite;

/// <summary>What people and views read: one connection behind a lock, each read short.</summary>
public sealed class SqliteHistory(string path) : IStoredHistory, IDisposable
{
    private const string Columns = "e.position, h.stream, e.n-coalesce((SELECT last_event FROM flush WHERE position=e.position-1), 0), " + EventRow.Columns;

    private readonly Database _database = new(path, readOnly: true);
    private readonly Lock _lock = new();

    public long Position
    {
        get
        {
            lock (_lock)
                return _database.Number("SELECT max(position) FROM flush");
        }
    }

    public long UncoveredFrom
    {
        get
        {
            lock (_lock)
                return _database.Number("SELECT uncovered_from FROM flush ORDER BY position DESC LIMIT 1");
        }
    }

    public IReadOnlyDictionary<long, StreamRow> Rows(IReadOnlyCollection<long> numbers) => numbers.SelectMany(number => Read(
        "SELECT h.number, h.stream, r.version, r.saved FROM head h LEFT JOIN repeats r ON r.head=h.number WHERE h.number=?1", s => s.Bind(number),
        s => (Number: s.Long(0), Row: new StreamRow(StreamId.Parse(s.Text(1)), s.IsNull(2) ? null : RepeatsRow.Read(s.Long(2), s.Blob(3)))))).ToDictionary(r => r.Number, r => r.Row);

    public StoredBlock? Block(long position) => Blocks("position=?1", position, 1).FirstOrDefault();

    public IReadOnlyList<StoredBlock> Blocks(long from, int limit) => Blocks("position>=?1", from, limit);

    public (long Position, int Number)? Request(CommandId key)
    {
        var found = Read("SELECT position, number FROM request WHERE key=?1", s => s.Bind(key.ToBytes()), s => (s.Long(0), (int)s.Long(1)));
        return found.Count == 0 ? null : found[0];
    }

    public StreamId? Stream(long number)
    {
        var found = Read("SELECT stream FROM head WHERE number=?1", s => s.Bind(number), s => StreamId.Parse(s.Text(0)));
        return found.Count == 0 ? null : found[0];
    }

    public IReadOnlyList<StoredEvent> Events(StreamId stream, long from, int limit)
    {
        var events = Read(
            $"SELECT {Columns} FROM head h JOIN event e ON e.head=h.number WHERE h.stream=?1 AND e.version>=?2 ORDER BY e.version LIMIT ?3",
            s => s.Bind(stream.ToString()).Bind(from).Bind(limit), Event);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0 || from == 1)
                Intact.Require(events[i].Envelope, i > 0 ? events[i - 1].Envelope.Hash : Chain.Start);
        }

        return events;
    }

    public IReadOnlyList<StoredEvent> After(long position, int atLeast)
    {
        var (first, last) = Read(
            "SELECT coalesce((SELECT last_event FROM flush WHERE position=?1), 0), " +
            "coalesce((SELECT min(last_event) FROM flush WHERE position>?1 AND last_event >= coalesce((SELECT last_event FROM flush WHERE position=?1), 0) + ?2), (SELECT max(last_event) FROM flush))",
            s => s.Bind(position).Bind(atLeast), s => (s.Long(0), s.Long(1)))[0];
        return Read($"SELECT {Columns} FROM event e JOIN head h ON h.number=e.head WHERE e.n>?1 AND e.n<=?2 ORDER BY e.n", s => s.Bind(first).Bind(last), Event);
    }

    public IReadOnlyList<StoredEvent> Configured(ActorKind kind) => Read(
        $"SELECT {Columns}, p.hash FROM head h JOIN event e ON e.head=h.number AND e.version=(SELECT max(c.version) FROM event c WHERE c.head=h.number AND substr(c.type, -10)='configured') " +
        "LEFT JOIN event p ON p.head=e.head AND p.version=e.version-1 WHERE h.stream>=?1 AND h.stream<?2 ORDER BY h.stream",
        s => s.Bind(StreamId.Prefix(kind)).Bind(StreamId.Prefix(kind)[..^1] + "0"), s => Intact.Require(Event(s), s.IsNull(16) ? null : s.Blob(16)));

    public IReadOnlyList<StreamId> Streams(ActorKind kind) => Read(
        "SELECT stream FROM head WHERE stream>=?1 AND stream<?2 ORDER BY stream",
        s => s.Bind(StreamId.Prefix(kind)).Bind(StreamId.Prefix(kind)[..^1] + "0"), s => StreamId.Parse(s.Text(0)));

    public IReadOnlyList<RefusedRow> RefusedBefore(long id, int limit, string? identity = null, string? integration = null) => Read(
        "SELECT id, time, identity, integration, reason, detail, count FROM refused WHERE id<?1 AND (?3='' OR identity=?3) AND (?4='' OR integration=?4) ORDER BY id DESC LIMIT ?2",
        s => s.Bind(id == 0 ? long.MaxValue : id).Bind(limit).Bind(identity ?? "").Bind(integration ?? ""),
        s => new RefusedRow(s.Long(0), Time.Instant(s.Long(1)), s.Text(2), s.Text(3), s.Text(4), s.Text(5), s.Long(6)));

    /// <summary>Pages that are made and have not ended, each with when it was made. Reads every waiting message once.</summary>
    public IReadOnlyList<(string Page, Instant Since)> OpenPages(int limit) => Read(
        "SELECT substr(m.target, 6), coalesce(min(e.time), min(m.due)) FROM message m LEFT JOIN head h ON h.stream=m.target LEFT JOIN event e ON e.head=h.number " +
        "WHERE m.target>='page/' AND m.target<'page0' GROUP BY m.target HAVING coalesce(sum(e.type IN ('page.delivered', 'page.given-up', 'page.withdrawn')), 0)=0 LIMIT ?1",
        s => s.Bind(limit), s => (s.Text(0), Time.Instant(s.Long(1))));

    public void Dispose() => _database.Dispose();

    private List<StoredBlock> Blocks(string where, long position, int limit) => Read(
        $"SELECT position, time, block FROM flush WHERE {where} AND block IS NOT NULL ORDER BY position LIMIT ?2",
        s => s.Bind(position).Bind(limit), s => new StoredBlock(s.Long(0), Time.Instant(s.Long(1)), s.Blob(2)));

    private static StoredEvent Event(Statement s) => new(s.Long(0), EventRow.Read(s, s.Text(1), from: 3), (int)s.Long(2));

    private List<T> Read<T>(string sql, Action<Statement> bind, Func<Statement, T> row)
    {
        lock (_lock)
        {
            var rows = new List<T>();
            var statement = _database.Prepare(sql);
            using (statement.Begin())
            {
                bind(statement);
                while (statement.Step())
                    rows.Add(row(statement));
            }

            return rows;
        }
    }
}
