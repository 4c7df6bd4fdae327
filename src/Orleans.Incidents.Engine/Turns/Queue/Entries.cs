using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Grouping;

namespace Incidents.Engine.Turns;

/// <summary>One place in the queue. Its order is the order of decision, and nothing is released before what it depends on is flushed.</summary>
public abstract class Entry(Work work)
{
    /// <summary>What was done here, and is done again when this is dropped.</summary>
    public Work Work { get; } = work;

    /// <summary>Entries that this rests on: of the same actor, or the maker of the message that was consumed.</summary>
    internal List<Entry> DependsOn { get; } = new(2);

    /// <summary>All messages that this makes.</summary>
    public IReadOnlyList<MessageWork> Made { get; internal set; } = [];

    /// <summary>The message that this is done with; <see langword="null"/>: none.</summary>
    public virtual MessageWork? Consumed => null;

    /// <summary>The actors that it rests on.</summary>
    public virtual IEnumerable<StreamId> Actors => [];

    /// <summary>Whether a flush may end here: the entries of one request stay together.</summary>
    internal bool EndsUnit { get; set; } = true;

    /// <summary>Whether it is flushed and its answers are out.</summary>
    internal bool Released { get; set; }

    /// <summary>Whether it lost, or rests on something that did.</summary>
    internal bool Dropped { get; set; }
}

/// <summary>One actor's events at an expected version, the messages they send and the one command consumed.</summary>
public sealed class Commit(Work work) : Entry(work)
{
    internal Actor Actor { get; init; } = null!;

    /// <summary>The stream, with the journal's number for it once known.</summary>
    public StreamSlot Slot => Actor;

    /// <summary>The stream's version before the first event.</summary>
    public required long Expected { get; init; }

    /// <summary>Finished bytes, hashes included; may be empty when only a message is consumed.</summary>
    public required IReadOnlyList<Envelope> Events { get; init; }

    /// <summary>The same events as objects, for what is released behind the flush.</summary>
    public required IReadOnlyList<IEvent> Happened { get; init; }

    public override IEnumerable<StreamId> Actors => [Actor.Id];

    /// <summary>The message that this consumes; <see langword="null"/> for calls and requests.</summary>
    public override MessageWork? Consumed => Consumes ? Work as MessageWork : null;

    internal bool Consumes { get; init; } = true;

    /// <summary>
    /// The caller's own id, to be kept; <see langword="null"/>: there is none, or nothing was done under it. What was refused is not said to
    /// have been done, so it is decided again when it comes again.
    /// </summary>
    public CommandId? Remembers => Work is CallWork { Remembered: true } call && (Events.Count > 0 || Made.Count > 0) ? call.Id : null;

    /// <summary>The decision's reason.</summary>
    public required Reason Reason { get; init; }

    /// <summary>Whether the consumed message could not be decided on or stored, and goes into a letter instead.</summary>
    public bool IsSetAside => Reason == Reason.Unstorable;

    /// <summary>Where it began, with the span of this turn; for log lines and traces only.</summary>
    public Tracing.Origin? Origin { get; internal set; }

    /// <summary>The actor's state behind the last event, when it is worth keeping for a faster load; <see langword="null"/>: not now.</summary>
    public object? Snapshot { get; init; }
}

/// <summary>The receipt of one request.</summary>
public sealed class RequestRecord(RequestWork work) : Entry(work)
{
    /// <summary>The request.</summary>
    public RequestWork Request { get; } = work;

    /// <summary>What became of each item.</summary>
    public ItemOutcome[] Outcomes { get; } = new ItemOutcome[work.Items.Count];

    public override MessageWork? Consumed => Request.Mail;

    public override IEnumerable<StreamId> Actors => Outcomes.Select(o => o.Slot?.Stream).OfType<StreamId>().Distinct();

    /// <summary>Further requests under the same sender's id that wait for this one.</summary>
    internal List<RequestWork>? Twins { get; set; }
}

/// <summary>A group's repeats up to here, for the row that keeps them.</summary>
public sealed class SaveEntry : Entry
{
    internal SaveEntry(Work work, Actor actor, SavedRepeats saved)
        : base(work) => (Actor, Saved) = (actor, saved);

    /// <summary>The group.</summary>
    public StreamSlot Slot => Actor;

    public override IEnumerable<StreamId> Actors => [Actor.Id];

    /// <summary>What the row says.</summary>
    public SavedRepeats Saved { get; }

    internal Actor Actor { get; }
}

/// <summary>What became of one item.</summary>
public readonly struct ItemOutcome
{
    /// <summary>The group; <see langword="null"/> when refused.</summary>
    public StreamSlot? Slot { get; init; }

    /// <summary>For a repeat the version it rests on; for a decision the version of its last event; else the version it left as it was.</summary>
    public long Version { get; init; }

    /// <summary>The member repeated, or -1 when a rule decided.</summary>
    public int Place { get; init; }

    /// <summary>The group's count of repeats before this one.</summary>
    public long Ordinal { get; init; }

    /// <summary>The reason; of refused ones, why.</summary>
    public Reason Reason { get; init; }

    /// <summary>Whether a rule decided and something happened.</summary>
    public bool Changed { get; init; }

    /// <summary>The message that took it to the owner of its group; <see langword="null"/>: it was decided here.</summary>
    public CommandId? Forward { get; init; }

    /// <summary>Which of that message's alerts it is, from 0.</summary>
    public int ForwardAlert { get; init; }

    internal Actor? Actor => Slot as Actor;

    internal Repeats? After { get; init; }
}

/// <summary>A look at one actor, answered in turn.</summary>
internal sealed class ReadEntry(ReadWork work, ReadAnswer seen) : Entry(work)
{
    public ReadAnswer Seen { get; } = seen;

    public override IEnumerable<StreamId> Actors => [((ReadWork)Work).Of];
}

/// <summary>That a message is about to be tried which may have killed the process before this one: counted before it is decided on.</summary>
internal sealed class TrialEntry(TrialWork work) : Entry(work)
{
    public MessageWork Suspect { get; } = work.Suspect;

    public override IEnumerable<StreamId> Actors => [Suspect.To];
}

/// <summary>The answer to something that cannot be done, in turn with everything else.</summary>
internal sealed class RefusalEntry(Work work, Reason reason, string detail, IReadOnlyList<StreamId> actors) : Entry(work)
{
    public Reason Reason => reason;

    public override IEnumerable<StreamId> Actors => actors;

    public string Detail { get; } = detail;
}
