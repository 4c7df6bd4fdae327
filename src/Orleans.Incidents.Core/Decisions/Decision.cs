using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Identities;
using NodaTime;

namespace Incidents.Decisions;

/// <summary>A fact in an actor's past. Records, immutable, stored as JSON under a stable name.</summary>
public interface IEvent;

/// <summary>An instruction to one actor.</summary>
public interface ICommand;

/// <summary>Under whose authority a turn runs.</summary>
/// <param name="Id">The identity that acts.</param>
/// <param name="Kind">What kind of identity it is.</param>
/// <param name="OnBehalfOf">The identity that it acts for; <see langword="null"/>: for itself.</param>
public sealed record Caller(string Id, IdentityKind Kind, string? OnBehalfOf = null)
{
    /// <summary>The engine itself: timers and its own recovery.</summary>
    public static Caller Engine { get; } = new("engine", IdentityKind.Service);

    /// <summary>The configuration file.</summary>
    public static Caller Config { get; } = new("config", IdentityKind.Service);

    /// <summary>The identity whose budgets are charged: the one that is acted for, else the one that acts.</summary>
    public string Authority => OnBehalfOf ?? Id;

    /// <summary>
    /// Who acts when something comes due that this caller armed: the engine, on its behalf. What the engine arms while it acts
    /// for somebody is still for that one.
    /// </summary>
    public Caller WhenDue() => Id == Engine.Id ? this : Engine with { OnBehalfOf = Id };
}

/// <summary>All that a decision may look at besides its actor's state and the command. Absent is not empty: every member is given.</summary>
/// <param name="Now">When the command was taken up.</param>
/// <param name="By">Under whose authority.</param>
/// <param name="Id">The command's durable id, from which new ids derive.</param>
public readonly record struct TurnInput(Instant Now, Caller By, CommandId Id);

/// <summary>A durable instruction to another actor.</summary>
/// <param name="To">The receiver.</param>
/// <param name="Command">What it shall decide on.</param>
/// <param name="Due">When; <see langword="null"/>: now, in order behind what this actor sent before.</param>
/// <param name="As">What it was before, when it is put back; <see langword="null"/>: it is new, and runs under the authority of the turn that sends it.</param>
public sealed record Message(StreamId To, ICommand Command, Instant? Due = null, Original? As = null);

/// <summary>What a message keeps when it is put back. It must have been consumed before: an id is in use once.</summary>
/// <param name="Id">Its durable id.</param>
/// <param name="By">Under whose authority it runs.</param>
public sealed record Original(CommandId Id, Caller By);

/// <summary>What a turn decided: never a bare yes or no.</summary>
/// <param name="Reason">The one named reason.</param>
/// <param name="Events">What happened, in order; none when nothing changes.</param>
/// <param name="Messages">What others shall do; none when nothing follows.</param>
public sealed record Decision(Reason Reason, ImmutableArray<IEvent> Events, ImmutableArray<Message> Messages)
{
    /// <summary>Nothing changes, for this reason.</summary>
    public static Decision Nothing(Reason reason) => new(reason, [], []);

    /// <summary>One thing happened and nothing follows.</summary>
    public static Decision Of(Reason reason, IEvent happened, params ReadOnlySpan<Message> messages) => new(reason, [happened], [.. messages]);
}
