using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>Something for an actor to do. It may run more than once, until what it decided is flushed.</summary>
public abstract class Work
{
    /// <summary>Where it began; for log lines and traces only.</summary>
    public Tracing.Origin? Origin { get; set; }

    /// <summary>How often storing this alone failed.</summary>
    internal int Failures { get; set; }
}

/// <summary>A message on its way to its receiver, with its stored form: what waits for the disk is finished.</summary>
public sealed class MessageWork(CommandId id, StreamId to, Caller by, ICommand command) : Work
{
    public CommandId Id { get; } = id;

    public StreamId To { get; } = to;

    public Caller By { get; } = by;

    public ICommand Command { get; } = command;

    /// <summary>The command's stored name.</summary>
    public required string Type { get; init; }

    /// <summary>The command's stored bytes.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>When it is due, in nanoseconds since 1970; negative: at once, in the order of these numbers also after a restart.</summary>
    public long Due { get; init; }

    /// <summary>Whether it waits for nothing.</summary>
    public bool AtOnce => Due < 0;

    /// <summary>How often it failed as far as the journal knows: what it leads to could not be stored, or the process died while it was tried.</summary>
    public int Attempts
    {
        get => Failures;
        init => Failures = value;
    }

    /// <summary>Where it waits when it is stored.</summary>
    public Lane Lane => Command is Pages.DeliverPage ? Lane.Outward : Lane.Inside;

    /// <summary>Whether the journal holds a row for it.</summary>
    public bool Stored { get; set; }

    /// <summary>Whether it was made here, and is what its receiver begins with.</summary>
    internal bool Begins { get; set; }

    /// <summary>Whether its receiver's shard was another node's when it was made.</summary>
    public bool Crosses { get; internal set; }

    /// <summary>Whether another node sent it here.</summary>
    public bool IsMail { get; init; }

    /// <summary>Whether it may have been what killed the process before this one.</summary>
    internal Suspicion Suspicion { get; set; }

    /// <summary>What made it, while that is not flushed.</summary>
    internal Entry? Maker { get; set; }

    /// <summary>Set and read by a flush that looks which of its messages it consumes itself.</summary>
    internal object? Mark { get; set; }

    /// <summary>Whether what made it was dropped, so that it is made again when that runs again.</summary>
    internal bool IsUnmade => !Stored && Maker is { Dropped: true };
}

/// <summary>What is thought of a message that was due when a process started whose predecessor had died.</summary>
internal enum Suspicion
{
    /// <summary>Nothing: it is decided on like any other.</summary>
    None,

    /// <summary>It waits to be tried.</summary>
    Suspect,

    /// <summary>That it is tried is durable: it is decided on now.</summary>
    Tried,
}

/// <summary>That a suspect is about to be tried.</summary>
internal sealed class TrialWork(MessageWork suspect) : Work
{
    public MessageWork Suspect { get; } = suspect;
}

/// <summary>A command that somebody gave and waits for.</summary>
/// <param name="id">Its durable id.</param>
/// <param name="to">The actor.</param>
/// <param name="by">Who gave it.</param>
/// <param name="command">What to decide on.</param>
/// <param name="answer">Called once, on the engine's thread, after what it rests on is flushed.</param>
public sealed class CallWork(CommandId id, StreamId to, Caller by, ICommand command, Action<CallAnswer> answer) : Work
{
    public CommandId Id { get; } = id;

    public StreamId To { get; } = to;

    public Caller By { get; } = by;

    public ICommand Command { get; } = command;

    /// <summary>Whether the id is the caller's own, so that the same id again does nothing again.</summary>
    public bool Remembered { get; init; }

    /// <summary>The actor's version that the caller saw: at any other nothing is decided. <see langword="null"/>: whatever it is.</summary>
    public long? Expected { get; init; }

    public Action<CallAnswer> Answer { get; } = answer;
}

/// <summary>What became of a call.</summary>
/// <param name="Reason">The decision's reason.</param>
/// <param name="Changed">Whether anything happened.</param>
/// <param name="Version">The actor's version behind it.</param>
/// <param name="Position">The journal position at which it is durable.</param>
/// <param name="IsElsewhere">Nothing was decided: another node owns the actor.</param>
public readonly record struct CallAnswer(Reason Reason, bool Changed, long Version, long Position, bool IsElsewhere = false);

/// <summary>A look at one actor, in turn with everything else.</summary>
public sealed class ReadWork(StreamId of, Action<ReadAnswer> answer) : Work
{
    public StreamId Of { get; } = of;

    public Action<ReadAnswer> Answer { get; } = answer;
}

/// <summary>An actor as it was in its turn.</summary>
/// <param name="State">The state; the kind's beginning when nothing ever happened.</param>
/// <param name="Version">0 when nothing ever happened.</param>
/// <param name="Repeats">How many alerts were folded since the last event.</param>
/// <param name="Position">The journal position at or after which this is true.</param>
/// <param name="IsElsewhere">Nothing was looked at: another node owns the actor.</param>
public readonly record struct ReadAnswer(object State, long Version, long Repeats, long Position, bool IsElsewhere = false);

/// <summary>The alerts of one request: accepted together, answered once.</summary>
public sealed class RequestWork : Work
{
    /// <summary>Its durable id.</summary>
    public required CommandId Id { get; init; }

    /// <summary>The identity that sent it.</summary>
    public required Caller By { get; init; }

    /// <summary>The integration it came through.</summary>
    public required string Integration { get; init; }

    /// <summary>When it arrived.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>One entry an alert and route, in order; and refused alerts.</summary>
    public required IReadOnlyList<RequestItem> Items { get; init; }

    /// <summary>The sender's own id of the request, with its scope; <see langword="null"/>: it gave none.</summary>
    public CommandId? Key { get; init; }

    /// <summary>The message of another node that it came in, which is done with when this is; <see langword="null"/>: it came from a sender.</summary>
    internal MessageWork? Mail { get; init; }

    /// <summary>Called once, on the engine's thread, after everything is durable, or refused.</summary>
    public required Action<RequestAnswer> Answer { get; init; }

    /// <summary>What the origins of its decided alerts share; <see langword="null"/> while all of them are repeats.</summary>
    internal Tracing.Acceptance? Acceptance { get; set; }

    /// <summary>The origin of one decided alert.</summary>
    internal Tracing.Origin OriginOf(RequestItem item) => new()
    {
        Trace = Origin?.Trace ?? default, Integration = Integration, Alert = item.Index, Request = Acceptance ??= new Tracing.Acceptance(),
    };
}

/// <summary>One alert for one group, or one refused alert.</summary>
public sealed class RequestItem
{
    /// <summary>The alert's place in the request, from 0. Several items of one alert follow each other.</summary>
    public required int Index { get; init; }

    /// <summary>The group; meaningless when refused.</summary>
    public StreamId Group { get; init; }

    /// <summary>What the group decides on; <see langword="null"/>: refused.</summary>
    public Signal? Signal { get; init; }

    /// <summary>Why it was refused before it came here.</summary>
    public Refused? Refused { get; init; }
}

/// <summary>Why an alert was not accepted.</summary>
public sealed record Refused(Reason Reason, string Detail);

/// <summary>What became of a request.</summary>
/// <param name="Position">The flush that holds it.</param>
/// <param name="Number">Its place in the flush's receipt block.</param>
/// <param name="Failed">Set when it was not accepted at all.</param>
/// <param name="Repeats">How many of its alerts merely repeated what was known; not told of a request that was accepted before.</param>
/// <param name="WasKnown">It was accepted before, by its key: place and alerts are those of that time, whatever this one holds.</param>
public readonly record struct RequestAnswer(long Position, int Number, Refused? Failed, int Repeats = 0, bool WasKnown = false);
