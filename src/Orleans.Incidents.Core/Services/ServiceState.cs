using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Escalation;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Services;

/// <summary>A service past its opening budget: what would open incidents joins this one.</summary>
/// <param name="Incident">The storm incident's id.</param>
/// <param name="StartedAt">When the budget ran out.</param>
/// <param name="Problems">How many problems it holds, the first included.</param>
public sealed record Storm(string Incident, Instant StartedAt, long Problems)
{
    /// <summary>How many of them each identity sent.</summary>
    public ImmutableDictionary<string, long> By { get; init; } = ImmutableDictionary<string, long>.Empty;
}

/// <summary>A catalogue entry with what its identities have spent.</summary>
/// <param name="Definition">The entry; <see langword="null"/>: not in the catalogue: problems open incidents that have no policy to page by.</param>
/// <param name="Policy">The escalation policy, as configured with the service.</param>
/// <param name="Spent">The opening budget of each identity.</param>
/// <param name="Storm">The storm under way; <see langword="null"/>: none.</param>
public sealed record ServiceState(
    ServiceDefinition? Definition, PolicyDefinition? Policy, ImmutableDictionary<string, GcraState> Spent, Storm? Storm)
{
    /// <summary>The critical reserve of each identity.</summary>
    public ImmutableDictionary<string, GcraState> Reserved { get; init; } = ImmutableDictionary<string, GcraState>.Empty;

    /// <summary>How fast one identity may open incidents.</summary>
    public Budget OpeningBudget => Definition?.OpeningBudget ?? ServiceDefinition.DefaultOpeningBudget;

    /// <summary>How fast one identity may open incidents for critical problems past that; <see langword="null"/>: not at all.</summary>
    public Budget? CriticalReserve => Definition?.CriticalReserve is null ? ServiceDefinition.DefaultCriticalReserve
        : Definition.CriticalReserve.Burst == 0 ? null : Definition.CriticalReserve;

    /// <summary>Before anything happened.</summary>
    public static ServiceState Initial { get; } = new(null, null, ImmutableDictionary<string, GcraState>.Empty, null);

    /// <summary>The fold: one line an event.</summary>
    public static ServiceState Evolve(ServiceState state, IEvent happened) => happened switch
    {
        ServiceConfigured e => state with { Definition = e.Definition, Policy = e.Policy },
        ProblemAdmitted e => state with { Spent = state.Spent.SetItem(e.Identity, e.Spent) },
        CriticalAdmitted e => state with { Reserved = state.Reserved.SetItem(e.Identity, e.Spent) },
        StormStarted e => state with { Storm = Add(new Storm(e.Incident, e.At, 0), e.Identity) },
        ProblemJoinedStorm e => state with { Storm = Add(state.Storm!, e.Identity) },
        StormEnded => state with { Storm = null },
        _ => throw new UnknownEventException(happened),
    };

    private static Storm Add(Storm storm, string identity) =>
        storm with { Problems = storm.Problems + 1, By = storm.By.SetItem(identity, storm.By.GetValueOrDefault(identity) + 1) };
}

/// <summary>Set the catalogue entry.</summary>
public sealed record ConfigureService(ServiceDefinition Definition, PolicyDefinition Policy) : ICommand;

/// <summary>A group asks for an incident.</summary>
/// <param name="Group">The group.</param>
/// <param name="Episode">Which of the group's openings.</param>
/// <param name="Incident">The id that the incident gets if it is opened.</param>
/// <param name="Title">One line.</param>
/// <param name="Severity">The urgency; <see langword="null"/>: the sender gave none.</param>
/// <param name="Labels">The group's labels.</param>
public sealed record AdmitProblem(StreamId Group, long Episode, string Incident, string Title, Severity? Severity, LabelSet Labels) : ICommand;

/// <summary>The storm incident ended.</summary>
public sealed record EndStorm(string Incident) : ICommand;

/// <summary>The catalogue entry was set.</summary>
public sealed record ServiceConfigured(ServiceDefinition Definition, PolicyDefinition Policy) : IEvent;

/// <summary>An identity spent one opening.</summary>
public sealed record ProblemAdmitted(StreamId Group, string Incident, string Identity, GcraState Spent) : IEvent;

/// <summary>An identity past its opening budget spent one opening of the reserve for critical problems.</summary>
public sealed record CriticalAdmitted(StreamId Group, string Incident, string Identity, GcraState Spent) : IEvent;

/// <summary>An identity is past its opening budget: a storm incident opens.</summary>
public sealed record StormStarted(StreamId Group, string Incident, string Identity, Instant At) : IEvent;

/// <summary>A problem past the budget joined the storm incident.</summary>
public sealed record ProblemJoinedStorm(StreamId Group, string Incident, string Identity) : IEvent;

/// <summary>The storm incident ended: problems open incidents of their own again, as far as the budget allows.</summary>
public sealed record StormEnded(string Incident) : IEvent;
