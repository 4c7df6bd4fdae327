using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Grouping;

namespace Incidents.Engine.Turns;

/// <summary>The journal's own number for a stream; 0 until the journal has met it. Shared by everything that names the stream.</summary>
public class StreamSlot(StreamId stream)
{
    public StreamId Stream { get; } = stream;

    public long Number { get; set; }
}

/// <summary>
/// One actor in memory: its flushed events and its queued commits, folded. <see cref="State"/> is <see langword="null"/> while it is
/// not loaded; what is known of its repeats stays even then, because only receipt blocks hold them.
/// </summary>
internal sealed class Actor(StreamId id) : StreamSlot(id)
{
    public StreamId Id => Stream;

    public object? State { get; set; }

    public long Version { get; set; }

    public byte[] Hash { get; set; } = [];

    /// <summary>The version of the last event that is flushed.</summary>
    public long Flushed { get; set; }

    /// <summary>The last entry of the queue that made or read this memory; <see langword="null"/> when none is waiting to be released.</summary>
    public Entry? Tail { get; set; }

    /// <summary>Repeats since the last event, queued ones included.</summary>
    public Repeats? Repeats { get; set; }

    /// <summary>Repeats since the last flushed event, flushed ones only, with the version that they rest on.</summary>
    public DurableRepeats? Durable { get; set; }

    /// <summary>When it was last used, by the engine's count of turns.</summary>
    public long Touched { get; set; }

    public bool Busy => Tail is { Released: false };

    /// <summary>All that a turn changes, to be put back when it breaks off.</summary>
    public ActorMemory Memory
    {
        get => new(State, Version, Hash, Tail, Repeats);
        set => (State, Version, Hash, Tail, Repeats) = value;
    }

    /// <summary>A released entry is waited for no more, and must not keep its whole request in memory.</summary>
    public void LetGo(Entry released)
    {
        if (Tail == released)
            Tail = null;
    }

    /// <summary>Back to what is flushed: the state must be loaded again.</summary>
    public void Forget()
    {
        State = null;
        Tail = null;
        Repeats = null;
    }

    public void Load(StreamImage image)
    {
        var state = image.Snapshot ?? ActorKinds.Initial(Id.Kind);
        foreach (var happened in image.Events)
            state = ActorKinds.Evolve(Id.Kind, state, happened);
        State = state;
        Version = image.Version;
        Flushed = image.Version;
        Hash = image.Version == 0 ? Chain.Start.ToArray() : image.Hash;
        Number = image.Number;

        // With a newer version an event covers them, and no restart needs their blocks any more.
        Durable = Durable?.Version == Version ? Durable with { Repeats = Durable.Repeats.Watched((GroupState)state) } : null;
        Repeats = Durable?.Repeats;
    }
}

/// <summary>What an actor had in memory before a turn.</summary>
internal readonly record struct ActorMemory(object? State, long Version, byte[] Hash, Entry? Tail, Repeats? Repeats);

/// <summary>A rule broke off on a command, or what it decided cannot be written down.</summary>
internal sealed class UndecidableException(Exception why) : Exception(why.Message, why);

/// <summary>What a rule decided is too large to be stored.</summary>
internal sealed class PayloadTooLargeException(string message) : Exception(message);

/// <summary>Flushed repeats of a group that no event covers yet.</summary>
/// <param name="Version">The group's version that they rest on; with a newer one they are covered.</param>
/// <param name="Repeats">The repeats.</param>
/// <param name="Position">The first flush that holds one of them.</param>
internal sealed record DurableRepeats(long Version, Repeats Repeats, long Position);
