using Incidents.Decisions;
using Incidents.Engine;
using NodaTime;

namespace Incidents.Journal.Sqlite;

/// <summary>
/// What the watchdog reads of stored messages: a connection of its own, and each read in the order of due times, so that it costs
/// the same with a million messages as with ten.
/// </summary>
public sealed class SqliteWaitingMessages(string path) : IWaitingMessages, IDisposable
{
    private const string Inside = "lane=0";
    private const string IsLate = Inside + " AND due>=0 AND due<?1";

    private readonly Database _database = new(path, readOnly: true);
    private readonly Lock _lock = new();

    public IReadOnlyList<StoredMessage> Late(Instant before, int limit) =>
        Read($"SELECT id, target, type, due FROM message WHERE {IsLate} ORDER BY due, id LIMIT ?2", s => s.Bind(Time.Nanoseconds(before)).Bind(limit));

    public long CountLate(Instant before, int most)
    {
        lock (_lock)
        {
            var count = _database.Prepare($"SELECT count(*) FROM (SELECT 1 FROM message WHERE {IsLate} LIMIT ?2)");
            using (count.Begin())
                return count.Bind(Time.Nanoseconds(before)).Bind(most).Step() ? count.Long(0) : 0;
        }
    }

    public IReadOnlyList<StoredMessage> Timers(StoredMessage? after, int limit) => after is null
        ? Read($"SELECT id, target, type, due FROM message WHERE {Inside} AND due>=0 ORDER BY due, id LIMIT ?1", s => s.Bind(limit))
        : Read($"SELECT id, target, type, due FROM message WHERE {Inside} AND due>=0 AND (due, id)>(?1, ?2) ORDER BY due, id LIMIT ?3",
            s => s.Bind(Time.Nanoseconds(after.Due)).Bind(CommandId.Parse(after.Id).ToBytes()).Bind(limit));

    public StoredMessage? Next() => Read($"SELECT id, target, type, due FROM message WHERE {Inside} AND due<0 ORDER BY due, id LIMIT 1", s => s).FirstOrDefault();

    /// <summary>How the database would go about a late message, for the test that it uses the index.</summary>
    internal IReadOnlyList<string> Plan()
    {
        lock (_lock)
        {
            var steps = new List<string>();
            var plan = _database.Prepare($"EXPLAIN QUERY PLAN SELECT count(*) FROM (SELECT 1 FROM message WHERE {IsLate} LIMIT ?2)");
            using (plan.Begin())
            {
                while (plan.Step())
                    steps.Add(plan.Text(3));
            }

            return steps;
        }
    }

    public void Dispose() => _database.Dispose();

    private List<StoredMessage> Read(string sql, Func<Statement, Statement> bind)
    {
        lock (_lock)
        {
            var found = new List<StoredMessage>();
            var statement = _database.Prepare(sql);
            using (statement.Begin())
            {
                bind(statement);
                while (statement.Step())
                    found.Add(new StoredMessage(CommandId.FromBytes(statement.Blob(0)).ToString(), statement.Text(1), statement.Text(2), Time.Instant(Math.Max(0, statement.Long(3)))));
            }

            return found;
        }
    }
}
