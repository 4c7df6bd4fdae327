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

    /// <summary>How many of <see cref="Repeats"/> are in the row that keeps them, or queued for it.</summary>
    public long Saved { get; set; }

    /// <summary>Whether no repeat is in receipt blocks alone, those that are queued for their row left out.</summary>
    public bool IsSaved => State is null ? Durable is null or { Position: 0 } : Repeats is null || Repeats.Count == Saved;

    /// <summary>Whether everything that is known here is on disk and not only in receipt blocks.</summary>
    public bool CanLeave => Durable is null ? Repeats is null : Durable.Position == 0;

    /// <summary>When it was last used, by the engine's count of turns.</summary>
    public long Touched { get; set; }

    public bool Busy => Tail is { Released: false };

    /// <summary>All that a turn changes, to be put back when it breaks off.</summary>
    public ActorMemory Memory
    {
        get => new(State, Version, Hash, Tail, Repeats, Saved);
        set => (State, Version, Hash, Tail, Repeats, Saved) = value;
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
        Saved = 0;
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
        if (Durable is null && image.Saved is { } saved)
            Durable = new DurableRepeats(Version, saved.Repeats, 0);
        Repeats = Durable?.Repeats;
        Saved = Durable is { Position: 0 } ? Durable.Repeats.Count : 0;
    }
}

/// <summary>What an actor had in memory before a turn.</summary>
internal readonly record struct ActorMemory(object? State, long Version, byte[] Hash, Entry? Tail, Repeats? Repeats, long Saved);

/// <summary>A rule broke off on a command, or what it decided cannot be written down.</summary>
internal sealed class UndecidableException(Exception why) : Exception(why.Message, why)
{
    /// <summary>What every node has to read before it can be decided; 0: that is not why.</summary>
    public int Needs { get; init; }
}

/// <summary>What a rule decided is too large to be stored.</summary>
internal sealed class PayloadTooLargeException(string message) : Exception(message);

/// <summary>Flushed repeats of a group that no event covers yet.</summary>
/// <param name="Version">The group's version that they rest on; with a newer one they are covered.</param>
/// <param name="Repeats">The repeats.</param>
/// <param name="Position">The first flush whose block holds one that is in no row; 0: all are in the row.</param>
internal sealed record DurableRepeats(long Version, Repeats Repeats, long Position);
