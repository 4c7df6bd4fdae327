using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Store;

/// <summary>What the engine reads of the simulated disk: everything comes back from its bytes.</summary>
internal sealed class SimReader(Image image, Rules rules, Tally tally) : IShardReader
{
    public IReadOnlyList<StreamImage> Load(IReadOnlyList<StreamId> streams) => streams.Select(Load).ToList();

    public IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit) => image.Messages.Due(lane, through)
        .SkipWhile(m => m.Key <= after).Take(limit).Select(m => Message(m)).ToList();

    public IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit, IReadOnlyCollection<int> shards) => image.Messages.Due(lane, through)
        .SkipWhile(m => m.Key <= after).Where(m => shards.Contains(m.Shard)).Take(limit).Select(m => Message(m)).ToList();

    public Mail Mail(long after, IReadOnlyCollection<int> shards) => new(
        image.Position, image.Messages.All.Where(m => m.Crossed > after && shards.Contains(m.Shard)).OrderBy(m => m.Key).Select(m => Message(m, isMail: true)).ToList());

    public RequestAnswer? FindRequest(CommandId key) => image.Requests.TryGetValue(key.Value, out var answer) ? answer : null;

    private static MessageWork Message(StoredMessage m, bool isMail = false) =>
        new(m.Id, m.To, m.By, m.Command) { Type = m.Type, Payload = m.Payload, Due = m.Due, Stored = true, Attempts = m.Attempts, IsMail = isMail };

    private StreamImage Load(StreamId id) => LoadEvents(id) with { Saved = Saved(id) };

    private SavedRepeats? Saved(StreamId id) =>
        image.Saved.TryGetValue(id, out var row) && (row.Version == image.VersionOf(id) || !rules.CheckRowVersion) ? Row(row) : null;

    private SavedRepeats Row((long Version, byte[] Bytes) row)
    {
        tally.Hit(Fault.RowRead);
        return RepeatsRow.Read(row.Version, row.Bytes);
    }

    private StreamImage LoadEvents(StreamId id)
    {
        if (!image.Streams.TryGetValue(id, out var stream))
            return new StreamImage(0, 0, [], []);
        var count = stream.Events.Count;
        if (!image.Snapshots.TryGetValue(id, out var snapshot) || snapshot.Version > count)
            return new StreamImage(stream.Number, count, stream.Hash, [.. stream.Happened]);
        if (snapshot.Fold != Snapshots.FoldVersion)
        {
            tally.Hit(Fault.StaleSnapshot);
            if (rules.CheckFoldVersion)
                return new StreamImage(stream.Number, count, stream.Hash, [.. stream.Happened]);
        }

        tally.Hit(Fault.SnapshotUsed);
        var behind = stream.Happened.GetRange((int)snapshot.Version, count - (int)snapshot.Version);
        return new StreamImage(stream.Number, count, stream.Hash, behind, Snapshots.Read(id.Kind, snapshot.Bytes));
    }
}
