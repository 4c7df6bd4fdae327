using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Grouping;

namespace Incidents.Simulation.Store;

/// <summary>What the engine reads of the simulated disk: everything comes back from its bytes.</summary>
internal sealed class SimReader(Image image) : IJournalReader
{
    public IReadOnlyList<StreamImage> Load(IReadOnlyList<StreamId> streams) => streams.Select(Load).ToList();

    public IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit) => image.Messages.Values
        .Where(m => m.Lane == lane && m.Key > after && m.Due <= through).OrderBy(m => m.Key).Take(limit)
        .Select(m => new MessageWork(m.Id, m.To, m.By, m.Command) { Due = m.Due, Stored = true }).ToList();

    public RequestAnswer? FindRequest(CommandId key) => image.Requests.TryGetValue(key.Value, out var answer) ? answer : null;

    private StreamImage Load(StreamId id)
    {
        if (!image.Streams.TryGetValue(id, out var stream))
            return new StreamImage(0, 0, [], []);

        // Every third version has a snapshot, which is read back from its bytes like everything else.
        var version = stream.Events.Count - (stream.Events.Count % 3);
        var snapshot = version == 0 ? null : Snapshots.Read(id.Kind, Snapshots.Write(image.StateOf(id, version)));
        return new StreamImage(stream.Number, stream.Events.Count, stream.Hash, [.. stream.Happened.Skip(version)], snapshot);
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
