using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Tracing;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>
/// What the engine's thread reads: a connection of its own. A server that is restarted is waited for, because the engine cannot go on
/// without; after a minute the process leaves service.
/// </summary>
public sealed class PostgresReader(PostgresAddress address) : IShardReader, IDisposable
{
    private const string Columns = "m.id, m.due, m.target, m.by_id, m.by_kind, m.on_behalf_of, m.type, m.payload, m.attempts, m.trace";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly PostgresSession _session = new(address, "reader");

    public IReadOnlyList<StreamImage> Load(IReadOnlyList<StreamId> streams) => _session.Read(Patience, connection =>
    {
        var heads = connection.Rows(
            "SELECT u.place, h.number, h.version, h.hash, s.version, s.state, r.saved FROM unnest($1) WITH ORDINALITY AS u(stream, place) JOIN head h ON h.stream=u.stream " +
            "LEFT JOIN snapshot s ON s.head=h.number AND s.fold=$2 AND s.version<=h.version LEFT JOIN repeats r ON r.head=h.number AND r.version=h.version",
            r => Head.Read(r, streams), All(streams.Select(s => s.ToString())), P(Snapshots.FoldVersion)).ToDictionary(h => h.Place);
        var events = Events(connection, [.. heads.Values.Where(h => h.From < h.Version)]);
        return (IReadOnlyList<StreamImage>)[.. streams.Select((s, place) => heads.TryGetValue(place, out var head) ? Image(head, events) : new StreamImage(0, 0, [], []))];
    });

    public IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit) => _session.Read(Patience, connection => connection.Rows(
        $"SELECT {Columns} FROM message m WHERE lane=$1 AND (due, id) > ($2, $3) AND due<=$4 ORDER BY due, id LIMIT $5",
        r => Message(r), P((short)lane), P(after.Due), P(new CommandId(after.Id).ToBytes()), P(through), P(limit)));

    public IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit, IReadOnlyCollection<int> shards) => _session.Read(Patience, connection => connection.Rows(
        $"SELECT {Columns} FROM message m WHERE lane=$1 AND (due, id) > ($2, $3) AND due<=$4 AND shard=ANY($6) ORDER BY due, id LIMIT $5",
        r => Message(r), P((short)lane), P(after.Due), P(new CommandId(after.Id).ToBytes()), P(through), P(limit), Numbers(shards)));

    // The flushes behind are a few rows, and each of them leads to its own messages: what is done with long ago is not looked at.
    public Mail Mail(long after, IReadOnlyCollection<int> shards) => _session.Read(Patience, connection =>
    {
        var flushes = connection.Rows("SELECT position, number FROM flush WHERE position>$1 ORDER BY position", r => (Position: r.GetInt64(0), Number: r.GetInt64(1)), P(after));
        return flushes.Count == 0 ? new Mail(after, []) : new Mail(flushes[^1].Position, connection.Rows(
            $"SELECT {Columns} FROM message m WHERE crossed=ANY($1) AND shard=ANY($2) ORDER BY due, id",
            r => Message(r, isMail: true), All(flushes.Select(f => f.Number)), Numbers(shards)));
    });

    public RequestAnswer? FindRequest(CommandId key)
    {
        var found = _session.Read(Patience, c => c.Rows(
            "SELECT f.position, r.number FROM request r JOIN flush f ON f.number=r.flush WHERE r.key=$1", r => new RequestAnswer(r.GetInt64(0), r.GetInt32(1), null), P(key.ToBytes())));
        return found.Count == 0 ? null : found[0];
    }

    public void Dispose() => _session.Dispose();

    private static NpgsqlParameter Numbers(IEnumerable<int> shards) => All(shards.Select(s => (short)s));

    private static MessageWork Message(NpgsqlDataReader r, bool isMail = false)
    {
        var by = new Caller(r.GetString(3), (IdentityKind)r.GetInt16(4), r.TextOrNull(5));
        var (type, payload) = (r.GetString(6), r.Blob(7));
        return new MessageWork(CommandId.FromBytes(r.Blob(0)), StreamId.Parse(r.GetString(2)), by, (ICommand)Payloads.Read(type, payload))
        {
            Type = type, Payload = payload, Due = r.GetInt64(1), Stored = true, Attempts = r.GetInt32(8), Origin = Origin.FromBytes(r.BlobOrNull(9) ?? []), IsMail = isMail,
        };
    }

    // The event before the first one is read too: the chain goes on from its hash.
    private static ILookup<long, Envelope> Events(NpgsqlConnection connection, List<Head> heads)
    {
        if (heads.Count == 0)
            return Array.Empty<Envelope>().ToLookup(_ => 0L);
        var names = heads.ToDictionary(h => h.Number, h => h.Stream.ToString());
        return connection.Rows(
            $"SELECT e.head, {EventRow.Columns} FROM unnest($1, $2, $3) AS w(head, first, last) JOIN event e ON e.head=w.head AND e.version>=w.first AND e.version<=w.last ORDER BY e.head, e.version",
            r => (Head: r.GetInt64(0), Event: EventRow.Read(r, names[r.GetInt64(0)], from: 1)),
            All(heads.Select(h => h.Number)), All(heads.Select(h => h.From)), All(heads.Select(h => h.Version))).ToLookup(e => e.Head, e => e.Event);
    }

    private static StreamImage Image(Head head, ILookup<long, Envelope> all)
    {
        var events = new List<IEvent>();
        var hash = Chain.Start.ToArray();
        foreach (var e in all[head.Number])
        {
            if (e.Version > head.From)
                events.Add(Intact.Event(e, hash));
            hash = e.Hash;
        }

        if (events.Count != head.Version - head.From)
            throw new JournalBrokenException($"{head.Stream}: {head.Version - head.From} events belong behind version {head.From}, {events.Count} are there");
        var saved = head.Stream.Kind == ActorKind.Group && head.Saved is not null ? RepeatsRow.Read(head.Version, head.Saved) : null;
        return new StreamImage(head.Number, head.Version, head.Hash, events, head.State is null ? null : Snapshots.Read(head.Stream.Kind, head.State), saved);
    }

    private sealed record Head(int Place, StreamId Stream, long Number, long Version, byte[] Hash, long From, byte[]? State, byte[]? Saved)
    {
        public static Head Read(NpgsqlDataReader r, IReadOnlyList<StreamId> streams)
        {
            var place = (int)r.GetInt64(0) - 1;
            return new Head(place, streams[place], r.GetInt64(1), r.GetInt64(2), r.Blob(3), r.IsDBNull(4) ? 0 : r.GetInt64(4), r.BlobOrNull(5), r.BlobOrNull(6));
        }
    }
}
