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
    StreamId Group, long Episode, ImmutableArray<PolicyStep> Steps, int Repeat, Instant At) : IEvent;

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

/// <summary>A group of it flaps, or has ceased to: it began to fire so many times.</summary>
public sealed record IncidentFlapped(StreamId Group, long Times, Instant Since, Instant Until, bool IsOver) : IEvent;

/// <summary>A further group belongs to it, or one that had ended does again.</summary>
public sealed record ProblemJoined(StreamId Group, long Episode, string Title) : IEvent;

/// <summary>A group of it ended.</summary>
public sealed record ProblemEnded(StreamId Group, Reason Why) : IEvent;

/// <summary>The urgency changed.</summary>
public sealed record SeverityChanged(Severity From, Severity To, Reason Why) : IEvent;

/// <summary>Somebody has taken it on; escalation stops.</summary>
public sealed record IncidentAcknowledged(string By, Reason Why) : IEvent;

/// <summary>A person wrote something down.</summary>
public sealed record NoteAdded(string By, string Text) : IEvent;

/// <summary>It ended.</summary>
public sealed record IncidentResolved(string By, Reason Why, Instant At) : IEvent;

/// <summary>It opened again: active when its severity is page-worthy, else in triage, as when it first opened.</summary>
/// <param name="By">Who or what opened it.</param>
/// <param name="Why">Why.</param>
/// <param name="Status">Active or in triage.</param>
/// <param name="Groups">By a person every group it ever held; by its source none, because a <see cref="ProblemJoined"/> follows.</param>
public sealed record IncidentReopened(string By, Reason Why, IncidentStatus Status, ImmutableArray<StreamId> Groups) : IEvent;

/// <summary>It ended for good.</summary>
public sealed record IncidentClosed(string By) : IEvent;

/// <summary>A page was delivered or given up.</summary>
public sealed record PageReported(
    string Page, string Responder, string Channel, DeliveryVerdict Verdict, DeliveryReason Why, string Detail) : IEvent;
