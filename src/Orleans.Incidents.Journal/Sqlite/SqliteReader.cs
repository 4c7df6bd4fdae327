using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Tracing;
using Incidents.Engine.Turns;
using Incidents.Identities;

namespace Incidents.Journal.Sqlite;

/// <summary>What the engine's thread reads: a connection of its own, each read a short transaction.</summary>
public sealed class SqliteReader(string path) : IJournalReader, IDisposable
{
    private readonly Database _database = new(path, readOnly: true);

    public IReadOnlyList<StreamImage> Load(IReadOnlyList<StreamId> streams) => streams.Select(Load).ToList();

    public IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit)
    {
        var messages = new List<MessageWork>();
        var rows = _database.Prepare(
            "SELECT id, due, target, by_id, by_kind, on_behalf_of, type, payload, attempts, trace FROM message WHERE lane=?1 AND (due, id) > (?2, ?3) AND due<=?4 ORDER BY due, id LIMIT ?5");
        using (rows.Begin())
        {
            rows.Bind((long)lane).Bind(after.Due).Bind(new CommandId(after.Id).ToBytes()).Bind(through).Bind(limit);
            while (rows.Step())
            {
                var by = new Caller(rows.Text(3), (IdentityKind)rows.Long(4), rows.TextOrNull(5));
                var (type, payload) = (rows.Text(6), rows.Blob(7));
                messages.Add(new MessageWork(CommandId.FromBytes(rows.Blob(0)), StreamId.Parse(rows.Text(2)), by, (ICommand)Payloads.Read(type, payload))
                {
                    Type = type, Payload = payload, Due = rows.Long(1), Stored = true, Attempts = (int)rows.Long(8), Origin = Origin.FromBytes(rows.Blob(9)),
                });
            }
        }

        return messages;
    }

    public RequestAnswer? FindRequest(CommandId key)
    {
        var row = _database.Prepare("SELECT position, number FROM request WHERE key=?1");
        using (row.Begin())
            return row.Bind(key.ToBytes()).Step() ? new RequestAnswer(row.Long(0), (int)row.Long(1), null) : null;
    }

    public void Dispose() => _database.Dispose();

    private StreamImage Load(StreamId stream)
    {
        long number, version;
        byte[] hash;
        var head = _database.Prepare("SELECT number, version, hash FROM head WHERE stream=?1");
        using (head.Begin())
        {
            if (!head.Bind(stream.ToString()).Step())
                return new StreamImage(0, 0, [], []);
            (number, version, hash) = (head.Long(0), head.Long(1), head.Blob(2));
        }

        var (snapshot, from) = Snapshot(stream, number, version);
        return new StreamImage(number, version, hash, Events(stream, number, from, version), snapshot, stream.Kind == ActorKind.Group ? Saved(number, version) : null);
    }

    private SavedRepeats? Saved(long number, long version)
    {
        var row = _database.Prepare("SELECT saved FROM repeats WHERE head=?1 AND version=?2");
        using (row.Begin())
            return row.Bind(number).Bind(version).Step() ? RepeatsRow.Read(version, row.Blob(0)) : null;
    }

    private List<IEvent> Events(StreamId stream, long number, long from, long through)
    {
        var events = new List<IEvent>();
        if (from == through)
            return events;

        // The event before the first one is read too: the chain goes on from its hash.
        var hash = Chain.Start.ToArray();
        var rows = _database.Prepare($"SELECT {EventRow.Columns} FROM event e WHERE e.head=?1 AND e.version>=?2 AND e.version<=?3 ORDER BY e.version");
        using var use = rows.Begin();
        rows.Bind(number).Bind(from).Bind(through);
        while (rows.Step())
        {
            var e = EventRow.Read(rows, stream.ToString());
            if (e.Version > from)
                events.Add(Intact.Event(e, hash));
            hash = e.Hash;
        }

        return events.Count == through - from ? events : throw new JournalBrokenException($"{stream}: {through - from} events belong behind version {from}, {events.Count} are there");
    }

    private (object? State, long Version) Snapshot(StreamId stream, long number, long version)
    {
        var row = _database.Prepare("SELECT version, state FROM snapshot WHERE head=?1 AND fold=?2 AND version<=?3");
        using (row.Begin())
        {
            return row.Bind(number).Bind(Snapshots.FoldVersion).Bind(version).Step()
                ? (Snapshots.Read(stream.Kind, row.Blob(1)), row.Long(0))
                : (null, 0);
        }
    }
}
