using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Escalation;
using NodaTime;

namespace Incidents.Incidents;

/// <summary>
/// An incident opened, in triage or active. A <paramref name="Lease"/> of zero: an acknowledgement counts for ever. Without
/// <paramref name="Why"/> the opening budget allowed it, or it is a storm.
/// </summary>
public sealed record IncidentOpened(
    IncidentKind Kind, IncidentStatus Status, string Service, string Title, Severity Severity, Severity PageFrom, LabelSet Labels,
    StreamId Group, long Episode, ImmutableArray<PolicyStep> Steps, int Repeat, Instant At, Duration Lease = default, Reason? Why = null) : IEvent;

/// <summary>A step of the policy is paged.</summary>
/// <param name="Step">From 0.</param>
/// <param name="Round">Counts every pass through the policy.</param>
/// <param name="FirstRound">The round in which this escalation began.</param>
/// <param name="Targets">Who is paged.</param>
/// <param name="Why">Why this step now.</param>
/// <param name="Due">When the next step follows without an acknowledgement; <see langword="null"/>: this one has no targets and is passed over.</param>
public sealed record StepPaged(int Step, int Round, int FirstRound, ImmutableArray<string> Targets, Reason Why, Instant? Due = null) : IEvent;

/// <summary>A target of the current step cannot be paged.</summary>
public sealed record TargetNotReached(string Responder, Reason Why) : IEvent;

/// <summary>Every step of every round was paged and nobody acknowledged, or nobody could be paged.</summary>
public sealed record EscalationExhausted(Reason Why) : IEvent;

/// <summary>A time-out came so late that it pages nobody; it stands still until somebody acts.</summary>
/// <param name="Due">When it was due.</param>
/// <param name="Why">Why nobody is paged.</param>
public sealed record EscalationLapsed(Instant Due, Reason Why) : IEvent;

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
/// <param name="By">Who.</param>
/// <param name="Why">Here or at the source.</param>
/// <param name="Until">When it expires unless it is renewed, and what its timer is armed for; <see langword="null"/>: never.</param>
public sealed record IncidentAcknowledged(string By, Reason Why, Instant? Until = null) : IEvent;

/// <summary>A person did something on an acknowledged incident: the acknowledgement counts for longer.</summary>
/// <param name="By">Who did something; whoever took it on keeps it.</param>
/// <param name="Until">When it expires now.</param>
public sealed record AcknowledgementRenewed(string By, Instant Until) : IEvent;

/// <summary>The acknowledgement no longer counts, and somebody is looked for again where the severity pages.</summary>
/// <param name="By">Who had taken it on.</param>
/// <param name="Why">Why it no longer counts.</param>
/// <param name="Status">Active when the severity is page-worthy, else in triage, as when it first opened.</param>
public sealed record AcknowledgementExpired(string By, Reason Why, IncidentStatus Status) : IEvent;

/// <summary>The timer of the acknowledgement was armed anew, because a renewal had moved the deadline.</summary>
public sealed record LeaseArmed(Instant At) : IEvent;

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
/// <param name="Page">Its id.</param>
/// <param name="Responder">Who was paged.</param>
/// <param name="Channel">How.</param>
/// <param name="Verdict">Delivered or given up.</param>
/// <param name="Why">Why it ended so.</param>
/// <param name="Detail">For a person.</param>
/// <param name="Step">The step that made it, from 0.</param>
/// <param name="Round">The round that made it, from 0.</param>
/// <param name="Out">How many of the pages that were made with it, one a contact, are still under way.</param>
public sealed record PageReported(
    string Page, string Responder, string Channel, DeliveryVerdict Verdict, DeliveryReason Why, string Detail, int Step = 0, int Round = 0, int Out = 0) : IEvent;
