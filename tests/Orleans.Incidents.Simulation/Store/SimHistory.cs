using Incidents.Decisions;
using Incidents.Engine.Receipts;
using Incidents.Engine;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Store;

/// <summary>What followers read of the simulated disk.</summary>
internal sealed class SimHistory(Image image, Rules rules, Func<bool> inDoubt) : IJournalHistory
{
    public long Position => image.Position + (!rules.PositionLast && inDoubt() ? 1 : 0);

    public long UncoveredFrom => image.Flushes.Count == 0 ? 0 : image.Flushes[^1].UncoveredFrom;

    public IReadOnlyDictionary<long, StreamRow> Rows(IReadOnlyCollection<long> numbers) => numbers.Where(n => n > 0).ToDictionary(n => n, n => Row(image.Numbered[(int)n - 1].Id));

    public StoredBlock? Block(long position) => image.Flushes[(int)position - 1] is { Block: { } block } flush ? new StoredBlock(position, flush.SealedAt, block) : null;

    public IReadOnlyList<StoredBlock> Blocks(long from, int limit) =>
        [.. Enumerable.Range((int)from, Math.Max(0, image.Flushes.Count - (int)from + 1)).Select(p => Block(p)).OfType<StoredBlock>().Take(limit)];

    public (long Position, int Number)? Request(CommandId key) => image.Requests.TryGetValue(key.Value, out var answer) ? (answer.Position, answer.Number) : null;

    public StreamId? Stream(long number) => image.Numbered[(int)number - 1].Id;

    public IReadOnlyList<StoredEvent> Events(StreamId stream, long from, int limit) =>
        [.. image.Streams[stream].Events.Skip((int)from - 1).Take(limit).Select((e, i) => new StoredEvent(image.Streams[stream].Positions[(int)from - 1 + i], e, 0))];

    public IReadOnlyList<StoredEvent> After(long position, int atLeast)
    {
        var events = new List<StoredEvent>();
        for (var n = FirstBehind(position); n < image.Log.Count; n++)
        {
            var (stream, index) = image.Log[n];
            if (events.Count >= atLeast && (stream.Positions[index] != events[^1].Position || !rules.WholeFlushes))
                break;
            var place = events.Count > 0 && events[^1].Position == stream.Positions[index] ? events[^1].Place + 1 : 1;
            events.Add(new StoredEvent(stream.Positions[index], stream.Events[index], place));
        }

        return events;
    }

    public IReadOnlyList<StoredEvent> Configured(ActorKind kind) => throw new InvalidOperationException();

    public IReadOnlyList<StreamId> Streams(ActorKind kind) => [.. image.Of(kind).Select(s => s.Id)];

    public IReadOnlyList<RefusedRow> RefusedBefore(long id, int limit, string? identity = null, string? integration = null) => [];

    private StreamRow Row(StreamId stream) => new(stream, image.Saved.TryGetValue(stream, out var row) ? RepeatsRow.Read(row.Version, row.Bytes) : null);

    private int FirstBehind(long position)
    {
        var (low, high) = (0, image.Log.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var (stream, index) = image.Log[middle];
            if (stream.Positions[index] <= position)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
