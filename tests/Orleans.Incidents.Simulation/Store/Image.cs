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

    /// <summary>The flush that each event is in.</summary>
    public List<long> Positions { get; } = [];

    /// <summary>The events as objects, read back from their bytes once.</summary>
    public List<IEvent> Happened { get; } = [];

    /// <summary>The fold of what was read back, after each number of events from none.</summary>
    public List<object> States { get; } = [ActorKinds.Initial(id.Kind)];

    public byte[] Hash => Events.Count == 0 ? Chain.Start.ToArray() : Events[^1].Hash;

    public void Append(Envelope envelope, long position)
    {
        Events.Add(envelope);
        Positions.Add(position);
        Happened.Add((IEvent)Payloads.Read(envelope.Type, envelope.Payload));
        States.Add(ActorKinds.Evolve(Id.Kind, States[^1], Happened[^1]));
    }
}

/// <summary>One message on the simulated disk.</summary>
internal sealed record StoredMessage(CommandId Id, Lane Lane, long Due, StreamId To, Caller By, string Type, byte[] Payload)
{
    public DueKey Key => new(Due, Id.Value);

    /// <summary>Read back from its bytes.</summary>
    public ICommand Command { get; } = (ICommand)Payloads.Read(Type, Payload);

    /// <summary>The receiver's shard.</summary>
    public int Shard { get; } = To.Shard;

    /// <summary>The flush that made it for another node's shard; 0: none did.</summary>
    public long Crossed { get; init; }

    /// <summary>How often it failed, as the disk knows it.</summary>
    public int Attempts { get; set; }
}

/// <summary>One flush on the simulated disk; without a block when it took the place of one that never committed.</summary>
internal sealed record StoredFlush(CommandId Id, Instant SealedAt, byte[]? Block, long UncoveredFrom, IReadOnlyList<Commit> Lost, int Node = 0);

/// <summary>A message that was kept aside.</summary>
internal sealed record StoredDeadLetter(CommandId Id, StreamId To, ICommand Command, string Why);

/// <summary>A state that was kept for a faster load.</summary>
internal sealed record StoredSnapshot(long Version, int Fold, byte[] Bytes);

/// <summary>What a crash leaves: flushed commits and nothing else.</summary>
internal sealed class Image
{
    /// <summary>Which process owns everything, counted from 1; taking over raises it.</summary>
    public int Owner { get; set; }

    /// <summary>Which node owns which shard, where there are several.</summary>
    public ShardTable Shards { get; } = new();

    public Dictionary<StreamId, StoredStream> Streams { get; } = [];

    public List<StoredStream> Numbered { get; } = [];

    /// <summary>Every event as (stream, index), in order of position.</summary>
    public List<(StoredStream Stream, int Index)> Log { get; } = [];

    public Mailbox Messages { get; } = new();

    public HashSet<UInt128> ConsumedMessages { get; } = [];

    /// <summary>Of each message to be done at once: who made it, and which of all messages it is.</summary>
    public Dictionary<UInt128, (StreamId By, long Order)> Made { get; } = [];

    /// <summary>The last of such messages that a receiver has consumed of a sender.</summary>
    public Dictionary<(StreamId By, StreamId To), long> LastConsumed { get; } = [];

    public Dictionary<UInt128, RequestAnswer> Requests { get; } = [];

    public List<StoredFlush> Flushes { get; } = [];

    public HashSet<UInt128> FlushIds { get; } = [];

    public List<StoredDeadLetter> DeadLetters { get; } = [];

    /// <summary>How often each message alone made a flush fail, whatever the engine may know of it.</summary>
    public Dictionary<UInt128, int> Rejections { get; } = [];

    /// <summary>How often it was written down of each message that it is about to be tried.</summary>
    public Dictionary<UInt128, int> Trials { get; } = [];

    public Dictionary<StreamId, StoredSnapshot> Snapshots { get; } = [];

    /// <summary>The rows that keep repeats, each with the version at which it counts.</summary>
    public Dictionary<StreamId, (long Version, byte[] Bytes)> Saved { get; } = [];

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

    /// <summary>Appends an event to a stream, making it if need be.</summary>
    public void Append(StoredStream stream, Envelope envelope, long position)
    {
        stream.Append(envelope, position);
        Log.Add((stream, stream.Events.Count - 1));
    }

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

    public void Save(SaveEntry save) => Saved[save.Slot.Stream] = (save.Saved.Version, RepeatsRow.Write(save.Saved));

    public void AddFlush(StoredFlush flush)
    {
        FlushIds.Add(flush.Id.Value);
        Flushes.Add(flush);
        if (flush.Node > 0)
            Shards.Flushed(flush.Node, Position, flush.UncoveredFrom);
        Blocks.Add(flush.Block is { } block ? ReceiptBlock.Read(block, flush.SealedAt) : []);
    }
}
