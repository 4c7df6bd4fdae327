using Incidents.Decisions;
using Incidents.Engine;
using NodaTime;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>
/// What the watchdog reads of stored messages: a connection of its own, and each read along the index by due time, so that it costs
/// the same with a million messages as with ten.
/// </summary>
public sealed class PostgresWaitingMessages(PostgresAddress address) : IWaitingMessages, IDisposable
{
    private const string IsLate = "lane=0 AND due>=0 AND due<$1";

    private readonly PostgresSession _session = new(address, "watchdog");
    private readonly Lock _lock = new();

    public IReadOnlyList<StoredMessage> Late(Instant before, int limit) =>
        Read($"SELECT id, target, type, due FROM message WHERE {IsLate} ORDER BY due, id LIMIT $2", Message, () => [P(Time.Nanoseconds(before)), P(limit)]);

    public long CountLate(Instant before, int most) =>
        Read($"SELECT count(*) FROM (SELECT 1 FROM message WHERE {IsLate} LIMIT $2) late", r => r.GetInt64(0), () => [P(Time.Nanoseconds(before)), P(most)])[0];

    public IReadOnlyList<StoredMessage> Timers(StoredMessage? after, int limit) => after is null
        ? Read("SELECT id, target, type, due FROM message WHERE lane=0 AND due>=0 ORDER BY due, id LIMIT $1", Message, () => [P(limit)])
        : Read("SELECT id, target, type, due FROM message WHERE lane=0 AND due>=0 AND (due, id) > ($1, $2) ORDER BY due, id LIMIT $3",
            Message, () => [P(Time.Nanoseconds(after.Due)), P(CommandId.Parse(after.Id).ToBytes()), P(limit)]);

    public StoredMessage? Next() => Read("SELECT id, target, type, due FROM message WHERE lane=0 AND due<0 ORDER BY due, id LIMIT 1", Message, () => []).FirstOrDefault();

    public void Dispose()
    {
        lock (_lock)
            _session.Dispose();
    }

    private static StoredMessage Message(NpgsqlDataReader r) =>
        new(CommandId.FromBytes(r.Blob(0)).ToString(), r.GetString(1), r.GetString(2), Time.Instant(Math.Max(0, r.GetInt64(3))));

    private List<T> Read<T>(string sql, Func<NpgsqlDataReader, T> row, Func<NpgsqlParameter[]> parameters)
    {
        lock (_lock)
            return _session.Read(TimeSpan.Zero, c => c.Rows(sql, row, parameters()));
    }
}
