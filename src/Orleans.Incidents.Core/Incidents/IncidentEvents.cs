using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Escalation;
using NodaTime;

namespace Incidents.Incidents;

/// <summary>An incident opened, in triage or active.</summary>
public sealed record IncidentOpened(
    IncidentKind Kind, IncidentStatus Status, string Service, string Title, Severity Severity, Severity PageFrom, LabelSet Labels,
    StreamId Group, ImmutableArray<PolicyStep> Steps, int Repeat, Instant At) : IEvent;

/// <summary>A step of the policy is paged.</summary>
/// <param name="Step">From 0.</param>
/// <param name="Round">Counts every pass through the policy.</param>
/// <param name="FirstRound">The round in which this escalation began.</param>
/// <param name="Targets">Who is paged.</param>
/// <param name="Why">Why this step now.</param>
public sealed record StepPaged(int Step, int Round, int FirstRound, ImmutableArray<string> Targets, Reason Why) : IEvent;

/// <summary>A target of the current step cannot be paged.</summary>
public sealed record TargetNotReached(string Responder, Reason Why) : IEvent;

/// <summary>Every step of every round was paged and nobody acknowledged, or nobody could be paged.</summary>
public sealed record EscalationExhausted(Reason Why) : IEvent;

/// <summary>Its group holds more alerts now.</summary>
public sealed record IncidentGrew(StreamId Group, long Alerts, string Title) : IEvent;

/// <summary>A problem of a group, told from others of the same group that may be on their way to the same storm.</summary>
/// <param name="Group">The group.</param>
/// <param name="Asked">The incident that the group asked for; empty: this one.</param>
public sealed record GroupProblem(StreamId Group, string Asked);

/// <summary>A further problem belongs to it.</summary>
/// <param name="Group">The group.</param>
/// <param name="Asked">See <see cref="GroupProblem"/>.</param>
/// <param name="Title">One line.</param>
public sealed record ProblemJoined(StreamId Group, string Asked, string Title) : IEvent;

/// <summary>A problem of it ended.</summary>
/// <param name="Group">The group.</param>
/// <param name="Asked">See <see cref="GroupProblem"/>.</param>
/// <param name="Why">The named reason.</param>
public sealed record ProblemEnded(StreamId Group, string Asked, Reason Why) : IEvent;

/// <summary>The urgency changed.</summary>
public sealed record SeverityChanged(Severity From, Severity To, Reason Why) : IEvent;

/// <summary>Somebody has taken it on; escalation stops.</summary>
public sealed record IncidentAcknowledged(string By, Reason Why) : IEvent;

/// <summary>A person wrote something down.</summary>
public sealed record NoteAdded(string By, string Text) : IEvent;

/// <summary>It ended.</summary>
public sealed record IncidentResolved(string By, Reason Why, Instant At) : IEvent;

/// <summary>It opened again.</summary>
/// <param name="By">Who or what did it.</param>
/// <param name="Why">The named reason.</param>
/// <param name="Groups">The problems that fire; empty when a person did it.</param>
/// <param name="Status">Active, or triage where its severity pages nobody.</param>
public sealed record IncidentReopened(string By, Reason Why, ImmutableArray<GroupProblem> Groups, IncidentStatus Status) : IEvent;

/// <summary>It ended for good.</summary>
public sealed record IncidentClosed(string By) : IEvent;

/// <summary>A page was delivered or given up.</summary>
public sealed record PageReported(
    string Page, string Responder, string Channel, DeliveryVerdict Verdict, DeliveryReason Why, string Detail) : IEvent;
