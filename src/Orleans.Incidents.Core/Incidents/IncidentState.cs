using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Escalation;
using NodaTime;

namespace Incidents.Incidents;

/// <summary>Where an incident stands in its life.</summary>
public enum IncidentStatus
{
    /// <summary>Does not exist.</summary>
    None,

    /// <summary>Not page-worthy: waits for a person to accept it.</summary>
    Triage,

    /// <summary>Being worked on, or looking for somebody who does.</summary>
    Active,

    /// <summary>Ended, and may open again.</summary>
    Resolved,

    /// <summary>Ended for good.</summary>
    Closed,
}

/// <summary>Why there is an incident.</summary>
public enum IncidentKind
{
    /// <summary>One alert group.</summary>
    Problem,

    /// <summary>All that came past an opening budget.</summary>
    Storm,
}

/// <summary>Where escalation stands.</summary>
/// <param name="Step">The step that was last paged, from 0.</param>
/// <param name="Round">Counts every pass through the policy, also across re-openings, so that page ids never repeat.</param>
/// <param name="FirstRound">The round in which this escalation began.</param>
/// <param name="Running">Whether a time-out still moves it on.</param>
/// <param name="Unreached">Targets of this step that could not be paged.</param>
/// <param name="Due">When the step's time-out comes; <see langword="null"/>: the step has no targets.</param>
public sealed record EscalationState(int Step, int Round, int FirstRound, bool Running, ImmutableHashSet<string> Unreached, Instant? Due);

/// <summary>A responder who was paged by a step, while not every page of it has ended.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Round">The round.</param>
/// <param name="Responder">Who.</param>
/// <param name="Out">How many pages, one a contact, are still under way; more than 0. <see langword="null"/>: none was reported yet.</param>
public sealed record PagedTarget(int Step, int Round, string Responder, int? Out);

/// <summary>How a group flaps.</summary>
/// <param name="Times">How often it began to fire, as far as it said.</param>
/// <param name="Since">The first of these times.</param>
/// <param name="Until">When it last began or ceased to fire.</param>
public sealed record FlapCount(long Times, Instant Since, Instant Until);

/// <summary>Urgent work, from opening to closing.</summary>
public sealed record IncidentState
{
    /// <summary>Before anything happened.</summary>
    public static IncidentState Initial { get; } = new();

    /// <summary>Where it stands.</summary>
    public IncidentStatus Status { get; init; }

    /// <summary>Why there is an incident.</summary>
    public IncidentKind Kind { get; init; }

    /// <summary>The service's id.</summary>
    public string Service { get; init; } = "";

    /// <summary>One line.</summary>
    public string Title { get; init; } = "";

    /// <summary>How urgent it is now.</summary>
    public Severity Severity { get; init; }

    /// <summary>The least urgent severity that pages.</summary>
    public Severity PageFrom { get; init; }

    /// <summary>What its first group's alerts have in common.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>When it opened.</summary>
    public Instant OpenedAt { get; init; }

    /// <summary>When it last ended; <see langword="null"/> while it is open.</summary>
    public Instant? ResolvedAt { get; init; }

    /// <summary>Who acknowledged it; <see langword="null"/>: nobody since it last opened, or it expired.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>When the acknowledgement expires unless it is renewed; <see langword="null"/>: never, or there is none.</summary>
    public Instant? AcknowledgedUntil { get; init; }

    /// <summary>What the acknowledgement's timer is armed for; <see langword="null"/>: not armed.</summary>
    public Instant? LeaseArmedFor { get; init; }

    /// <summary>How long an acknowledgement counts without anything a person does; zero: for ever.</summary>
    public Duration Lease { get; init; }

    /// <summary>The groups whose end it waits for, each with the last of its episodes; with the last one it resolves.</summary>
    public ImmutableDictionary<StreamId, long> Groups { get; init; } = NoGroups;

    /// <summary>Every group it ever held, each with the last of its episodes.</summary>
    public ImmutableDictionary<StreamId, long> Held { get; init; } = NoGroups;

    /// <summary>How many groups it had held when a person last took it on or renewed that, or when its escalation ended; 0 before.</summary>
    public int KnownGroups { get; init; }

    /// <summary>The groups of it that flap.</summary>
    public ImmutableDictionary<StreamId, FlapCount> Flapping { get; init; } = ImmutableDictionary<StreamId, FlapCount>.Empty;

    /// <summary>How many problems joined it, the first included; a group that fires anew counts anew.</summary>
    public long Problems { get; init; }

    /// <summary>Whom to tell when nobody need be paged any more; in order of paging.</summary>
    public ImmutableArray<PagedTarget> Outstanding { get; init; } = [];

    /// <summary>The ids of the pages that were given up.</summary>
    public ImmutableHashSet<string> GivenUp { get; init; } = [];

    /// <summary>The policy's steps as they were when it opened.</summary>
    public ImmutableArray<PolicyStep> Steps { get; init; } = [];

    /// <summary>How many more rounds follow the first.</summary>
    public int Repeat { get; init; }

    /// <summary>Where escalation stands; <see langword="null"/>: it never began.</summary>
    public EscalationState? Escalation { get; init; }

    /// <summary>The fold: one line an event.</summary>
    public static IncidentState Evolve(IncidentState state, IEvent happened) => happened switch
    {
        IncidentOpened e => new IncidentState
        {
            Status = e.Status, Kind = e.Kind, Service = e.Service, Title = e.Title, Severity = e.Severity, PageFrom = e.PageFrom,
            Labels = e.Labels, OpenedAt = e.At, Groups = NoGroups.Add(e.Group, e.Episode), Held = NoGroups.Add(e.Group, e.Episode), Problems = 1, Steps = e.Steps, Repeat = e.Repeat, Lease = e.Lease,
        },
        StepPaged e => state with { Status = IncidentStatus.Active, Escalation = new(e.Step, e.Round, e.FirstRound, true, [], e.Due), Outstanding = Paging(state, e) },
        TargetNotReached e => state with
        {
            Escalation = state.Escalation! with { Unreached = state.Escalation.Unreached.Add(e.Responder) },
            Outstanding = state.Outstanding.RemoveAll(t => t.Responder == e.Responder && t.Step == state.Escalation.Step && t.Round == state.Escalation.Round),
        },
        EscalationExhausted => state with { Escalation = state.Escalation! with { Running = false }, KnownGroups = state.Held.Count },
        EscalationLapsed => state with { Escalation = Stopped(state), LeaseArmedFor = null, KnownGroups = state.Held.Count },
        IncidentGrew => state,
        ProblemJoined e => state with { Groups = state.Groups.SetItem(e.Group, e.Episode), Held = state.Held.SetItem(e.Group, e.Episode), Problems = state.Problems + 1 },
        ProblemEnded e => state with { Groups = state.Groups.Remove(e.Group), Flapping = state.Flapping.Remove(e.Group) },
        IncidentFlapped { IsOver: true } e => state with { Flapping = state.Flapping.Remove(e.Group) },
        IncidentFlapped e => state with { Flapping = state.Flapping.SetItem(e.Group, new(e.Times, e.Since, e.Until)) },
        SeverityChanged e => state with { Severity = e.To },
        IncidentAcknowledged e => state with { Status = IncidentStatus.Active, AcknowledgedBy = e.By, AcknowledgedUntil = e.Until, LeaseArmedFor = e.Until, Outstanding = [], Escalation = Stopped(state), KnownGroups = state.Held.Count },
        AcknowledgementRenewed e => state with { AcknowledgedUntil = e.Until, KnownGroups = state.Held.Count },
        AcknowledgementExpired e => state with { Status = e.Status, AcknowledgedBy = null, AcknowledgedUntil = null, LeaseArmedFor = null },
        LeaseArmed e => state with { LeaseArmedFor = e.At },
        NoteAdded => state,
        IncidentResolved e => state with { Status = IncidentStatus.Resolved, ResolvedAt = e.At, AcknowledgedUntil = null, LeaseArmedFor = null, Outstanding = [], Groups = NoGroups, Flapping = state.Flapping.Clear(), Escalation = Stopped(state) },
        IncidentReopened e => state with { Status = e.Status, ResolvedAt = null, AcknowledgedBy = null, Groups = Anew(state, e), Held = state.Held.SetItems(Anew(state, e)) },
        IncidentClosed => state with { Status = IncidentStatus.Closed },
        PageReported { Verdict: DeliveryVerdict.GiveUp } e => state with { GivenUp = state.GivenUp.Add(e.Page), Outstanding = Ended(state, e) },
        PageReported e => state with { Outstanding = Ended(state, e) },
        _ => throw new UnknownEventException(happened),
    };

    // The end of an episode that was under way while a person opened it again is late: the groups begin another.
    private static ImmutableDictionary<StreamId, long> Anew(IncidentState state, IncidentReopened e) => e.Groups.ToImmutableDictionary(g => g, g => state.Held[g] + 1);

    private static ImmutableArray<PagedTarget> Paging(IncidentState state, StepPaged e) => [.. state.Outstanding, .. e.Targets.Select(t => new PagedTarget(e.Step, e.Round, t, null))];

    private static ImmutableArray<PagedTarget> Ended(IncidentState state, PageReported e) =>
        [.. state.Outstanding.Select(t => t.Responder == e.Responder && t.Step == e.Step && t.Round == e.Round ? t with { Out = e.Out } : t).Where(t => t.Out != 0)];

    private static ImmutableDictionary<StreamId, long> NoGroups => ImmutableDictionary<StreamId, long>.Empty;

    private static EscalationState? Stopped(IncidentState state) => state.Escalation is { } e ? e with { Running = false } : null;
}
