using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using NodaTime;

namespace Incidents.Simulation.Store;

/// <summary>One stream on the simulated disk.</summary>
internal sealed class StoredStream(StreamId id, long number)
{
    public StreamId Id { get; } = id;

    public long Number { get; } = number;

    public List<Envelope> Events { get; } = [];

    /// <summary>The events as objects, read back from their bytes once.</summary>
    public List<IEvent> Happened { get; } = [];

    /// <summary>The fold of what was read back, after each number of events from none.</summary>
    public List<object> States { get; } = [ActorKinds.Initial(id.Kind)];

    public byte[] Hash => Events.Count == 0 ? Chain.Start.ToArray() : Events[^1].Hash;

    public void Append(Envelope envelope)
    {
        Events.Add(envelope);
        Happened.Add((IEvent)Payloads.Read(envelope.Type, envelope.Payload));
        States.Add(ActorKinds.Evolve(Id.Kind, States[^1], Happened[^1]));
    }
}

/// <summary>One message on the simulated disk.</summary>
internal sealed record StoredMessage(CommandId Id, Lane Lane, long Due, StreamId To, Caller By, string Type, byte[] Payload)
{
    public DueKey Key => new(Due, Id.Value);

    public ICommand Command => (ICommand)Payloads.Read(Type, Payload);
}

/// <summary>One flush on the simulated disk; without a block when it took the place of one that never committed.</summary>
internal sealed record StoredFlush(CommandId Id, Instant SealedAt, byte[]? Block, long UncoveredFrom, IReadOnlyList<Commit> Lost);

/// <summary>A message that was kept aside.</summary>
internal sealed record StoredDeadLetter(StreamId To, ICommand Command, string Why);

/// <summary>What a crash leaves: flushed commits and nothing else.</summary>
internal sealed class Image
{
    public Dictionary<StreamId, StoredStream> Streams { get; } = [];

    public List<StoredStream> Numbered { get; } = [];

    public Dictionary<UInt128, StoredMessage> Messages { get; } = [];

    public HashSet<UInt128> ConsumedMessages { get; } = [];

    /// <summary>Of each message to be done at once: who made it, and which of all messages it is.</summary>
    public Dictionary<UInt128, (StreamId By, long Order)> Made { get; } = [];

    /// <summary>The last of such messages that a receiver has consumed of a sender.</summary>
    public Dictionary<(StreamId By, StreamId To), long> LastConsumed { get; } = [];

    public Dictionary<UInt128, RequestAnswer> Requests { get; } = [];

    public List<StoredFlush> Flushes { get; } = [];

    public HashSet<UInt128> FlushIds { get; } = [];

    public List<StoredDeadLetter> DeadLetters { get; } = [];

    /// <summary>Every receipt block, read back from its bytes; empty where a flush has none.</summary>
    public List<IReadOnlyList<BlockRequest>> Blocks { get; } = [];

    /// <summary>Every durable turn as a line, kept when a single seed is replayed.</summary>
    public List<string>? Story { get; set; }

    public long Position => Flushes.Count;

    public IEnumerable<StoredStream> Of(ActorKind kind) => Numbered.Where(s => s.Id.Kind == kind);

    /// <summary>A stream's state after so many of its events.</summary>
    public object StateOf(StreamId id, long version = long.MaxValue) => Streams.TryGetValue(id, out var stream)
        ? stream.States[(int)Math.Min(version, stream.Events.Count)]
        : ActorKinds.Initial(id.Kind);

    public long VersionOf(StreamId id) => Streams.TryGetValue(id, out var stream) ? stream.Events.Count : 0;

    public StoredStream Make(StreamId id)
    {
        if (!Streams.TryGetValue(id, out var stream))
        {
            stream = new StoredStream(id, Numbered.Count + 1);
            Streams.Add(id, stream);
            Numbered.Add(stream);
        }

        return stream;
    }

    public void AddFlush(StoredFlush flush)
    {
        FlushIds.Add(flush.Id.Value);
        Flushes.Add(flush);
        Blocks.Add(flush.Block is { } block ? ReceiptBlock.Read(block, flush.SealedAt) : []);
    }
}
