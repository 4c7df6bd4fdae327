using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Escalation;
using NodaTime;

namespace Incidents.Incidents;

/// <summary>
/// Open an incident; sent by its service. A <paramref name="Lease"/> of zero: an acknowledgement counts for ever. Without
/// <paramref name="Why"/> the opening budget allowed it, or it is a storm.
/// </summary>
public sealed record OpenIncident(
    IncidentKind Kind, string Service, string Title, Severity Severity, Severity PageFrom, LabelSet Labels, StreamId Group, long Episode,
    ImmutableArray<PolicyStep> Steps, int Repeat, Duration Lease = default, Reason? Why = null) : ICommand;

/// <summary>A further problem belongs to this storm incident; sent by its service.</summary>
/// <param name="Group">The group.</param>
/// <param name="Episode">Which of its openings.</param>
/// <param name="Proposed">The incident that the group asked for, which was not opened.</param>
/// <param name="Service">The service that sends it.</param>
/// <param name="Title">One line.</param>
/// <param name="Severity">The urgency; <see langword="null"/>: the sender gave none.</param>
/// <param name="Labels">The group's labels.</param>
/// <param name="Why">Why it has no incident of its own.</param>
public sealed record JoinIncident(
    StreamId Group, long Episode, string Proposed, string Service, string Title, Severity? Severity, LabelSet Labels, Reason Why = Reason.JoinedStorm) : ICommand;

/// <summary>The group holds more alerts, or a more urgent one.</summary>
/// <param name="Group">The group.</param>
/// <param name="Alerts">How many alerts it holds.</param>
/// <param name="Severity">The urgency of the more urgent one; <see langword="null"/>: there is none.</param>
/// <param name="Title">The alert that is the news.</param>
public sealed record UpdateFromSource(StreamId Group, long Alerts, Severity? Severity, string Title) : ICommand;

/// <summary>The group flaps, or has ceased to.</summary>
/// <param name="Group">The group.</param>
/// <param name="Episode">Which of its openings.</param>
/// <param name="Times">How often it began to fire.</param>
/// <param name="Since">The first of these times.</param>
/// <param name="Until">When it last began or ceased to fire.</param>
/// <param name="IsOver">Whether it has ceased.</param>
public sealed record ReportFlapping(StreamId Group, long Episode, long Times, Instant Since, Instant Until, bool IsOver) : ICommand;

/// <summary>All alerts of the group ended.</summary>
public sealed record EndProblem(StreamId Group, long Episode, Reason Why) : ICommand;

/// <summary>Somebody has taken it on at the source.</summary>
public sealed record AcknowledgeBySource : ICommand;

/// <summary>The group fires again, and within its re-open window where its incident has ended.</summary>
public sealed record ReopenBySource(StreamId Group, long Episode, Severity Severity, string Title) : ICommand;

/// <summary>Due when a step has waited long enough for an acknowledgement.</summary>
public sealed record EscalateIncident(int Step, int Round) : ICommand;

/// <summary>Due when an acknowledgement expires, unless it was renewed meanwhile.</summary>
/// <param name="ArmedFor">What the timer was armed for; a later arming makes it stale.</param>
public sealed record ExpireAcknowledgement(Instant ArmedFor) : ICommand;

/// <summary>A responder cannot be paged.</summary>
public sealed record ReportUnreached(int Step, int Round, string Responder, Reason Why) : ICommand;

/// <summary>A page was delivered or given up.</summary>
/// <param name="Page">Its id.</param>
/// <param name="Step">The step that made it, from 0.</param>
/// <param name="Round">The round that made it, from 0.</param>
/// <param name="Responder">Who was paged.</param>
/// <param name="Contacts">How many contacts of that responder were paged with it.</param>
/// <param name="Channel">How.</param>
/// <param name="Verdict"><see cref="DeliveryVerdict.Delivered"/> or <see cref="DeliveryVerdict.GiveUp"/>.</param>
/// <param name="Why">Why it ended so.</param>
/// <param name="Detail">For a person.</param>
public sealed record ReportPage(
    string Page, int Step, int Round, string Responder, int Contacts, string Channel, DeliveryVerdict Verdict, DeliveryReason Why, string Detail) : ICommand;

/// <summary>A person or agent takes it on.</summary>
public sealed record AcknowledgeIncident : ICommand;

/// <summary>Set the urgency.</summary>
public sealed record ChangeSeverity(Severity To) : ICommand;

/// <summary>Write something down.</summary>
public sealed record AddNote(string Text) : ICommand;

/// <summary>Say that it has ended.</summary>
public sealed record ResolveIncident : ICommand;

/// <summary>Say that it has not ended.</summary>
public sealed record ReopenIncident : ICommand;

/// <summary>End it for good.</summary>
public sealed record CloseIncident : ICommand;
