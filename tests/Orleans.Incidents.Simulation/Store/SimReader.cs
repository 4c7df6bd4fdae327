using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Store;

/// <summary>What the engine reads of the simulated disk: everything comes back from its bytes.</summary>
internal sealed class SimReader(Image image, Rules rules, Tally tally) : IJournalReader
{
    public IReadOnlyList<StreamImage> Load(IReadOnlyList<StreamId> streams) => streams.Select(Load).ToList();

    public IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit) => image.Messages.Due(lane, through)
        .SkipWhile(m => m.Key <= after).Take(limit)
        .Select(m => new MessageWork(m.Id, m.To, m.By, m.Command) { Type = m.Type, Payload = m.Payload, Due = m.Due, Stored = true, Attempts = m.Attempts }).ToList();

    public RequestAnswer? FindRequest(CommandId key) => image.Requests.TryGetValue(key.Value, out var answer) ? answer : null;

    private StreamImage Load(StreamId id)
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

/// <summary>What a restart reads from receipt blocks, as the server does it.</summary>
internal static class Recovery
{
    public static IReadOnlyList<UncoveredRepeats> Uncovered(Image image) =>
        Uncovered(image, image.Flushes.Count == 0 ? 1 : image.Flushes[^1].UncoveredFrom);

    public static IReadOnlyList<UncoveredRepeats> Uncovered(Image image, long from)
    {
        var known = new Dictionary<long, (long Version, Repeats Repeats, long Position)>();
        for (var position = from; position <= image.Position; position++)
        {
            if (image.Flushes[(int)position - 1] is { Block: { } block } flush)
                ReceiptBlock.AddRepeats(block, flush.SealedAt, position, known);
        }

        return [.. known.Select(k => new UncoveredRepeats(image.Numbered[(int)k.Key - 1].Id, k.Value.Version, k.Value.Repeats, k.Value.Position))];
    }
}
