using Incidents.Decisions;
using NodaTime;

namespace Incidents.Letters;

/// <summary>Where a dead letter stands.</summary>
public enum LetterStatus
{
    /// <summary>There is none under this id.</summary>
    None,

    /// <summary>It waits for an operator.</summary>
    Waiting,

    /// <summary>The message was put back. If it fails again, the letter waits again.</summary>
    Retried,

    /// <summary>Nobody will ever do what it says.</summary>
    Discarded,
}

/// <summary>
/// A dead letter: a message that could not be decided on or stored, kept aside so that everything else goes on. Its stream is named
/// by the message's own id, so a message has one letter however often it fails.
/// </summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Kept">The message, as it was last kept; <see langword="null"/> before the first time.</param>
/// <param name="Decided">The last decision on it; <see langword="null"/>: none yet.</param>
public sealed record LetterState(LetterStatus Status, LetterKept? Kept, LetterDecision? Decided)
{
    /// <summary>Before anything happened.</summary>
    public static LetterState Initial { get; } = new(LetterStatus.None, null, null);

    /// <summary>The fold: one line an event.</summary>
    public static LetterState Evolve(LetterState state, IEvent happened) => happened switch
    {
        LetterKept e => state with { Status = LetterStatus.Waiting, Kept = e },
        LetterRetried e => state with { Status = LetterStatus.Retried, Decided = e.Decision },
        LetterDiscarded e => state with { Status = LetterStatus.Discarded, Decided = e.Decision },
        _ => throw new UnknownEventException(happened),
    };
}

/// <summary>Who decided on a letter.</summary>
/// <param name="By">The operator's identity.</param>
/// <param name="Why">In the operator's own words; may be empty for a retry.</param>
/// <param name="At">When.</param>
public sealed record LetterDecision(string By, string Why, Instant At);

/// <summary>Keep a message aside; sent by the turn that consumed it without an effect.</summary>
/// <param name="To">The message's receiver.</param>
/// <param name="Command">What it said; <see langword="null"/>: that cannot be stored either.</param>
/// <param name="By">Under whose authority it ran.</param>
/// <param name="Why">The last error, in one line.</param>
/// <param name="Attempts">How often it was tried in a row, at least 1.</param>
public sealed record KeepLetter(StreamId To, ICommand? Command, Caller By, string Why, int Attempts) : ICommand;

/// <summary>Put the message back under its own id; given by an operator.</summary>
/// <param name="Why">In the operator's own words; may be empty.</param>
public sealed record RetryLetter(string Why) : ICommand;

/// <summary>Let the message go for good; given by an operator.</summary>
/// <param name="Why">In the operator's own words.</param>
public sealed record DiscardLetter(string Why) : ICommand;

/// <summary>A message is kept aside.</summary>
/// <param name="To">The message's receiver.</param>
/// <param name="Command">What it said; <see langword="null"/>: that cannot be stored either.</param>
/// <param name="By">Under whose authority it ran.</param>
/// <param name="Why">The last error, in one line.</param>
/// <param name="Attempts">How often it was tried, over all retries.</param>
/// <param name="At">Since when it waits.</param>
public sealed record LetterKept(StreamId To, ICommand? Command, Caller By, string Why, int Attempts, Instant At) : IEvent;

/// <summary>The message was put back.</summary>
public sealed record LetterRetried(LetterDecision Decision) : IEvent;

/// <summary>The message was let go.</summary>
public sealed record LetterDiscarded(LetterDecision Decision) : IEvent;
