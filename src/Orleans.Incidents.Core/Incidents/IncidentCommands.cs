using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Escalation;

namespace Incidents.Incidents;

/// <summary>Open an incident; sent by its service.</summary>
public sealed record OpenIncident(
    IncidentKind Kind, string Service, string Title, Severity Severity, Severity PageFrom, LabelSet Labels, StreamId Group,
    ImmutableArray<PolicyStep> Steps, int Repeat) : ICommand;

/// <summary>A further problem belongs to this storm incident; sent by its service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Group">The group.</param>
/// <param name="Asked">The incident that the group asked for.</param>
/// <param name="Severity">The urgency; <see langword="null"/>: the sender gave none.</param>
/// <param name="Title">One line.</param>
/// <param name="Labels">The group's labels.</param>
public sealed record JoinIncident(StreamId Service, StreamId Group, string Asked, Severity? Severity, string Title, LabelSet Labels) : ICommand;

/// <summary>The group holds more alerts, or a more urgent one.</summary>
public sealed record UpdateFromSource(StreamId Group, long Alerts, Severity? Severity, string Title) : ICommand;

/// <summary>All alerts of the group ended.</summary>
/// <param name="Group">The group.</param>
/// <param name="Asked">The incident that the group asked for when they began: a later problem of the same group does not end.</param>
/// <param name="Why">The named reason.</param>
public sealed record EndProblem(StreamId Group, string Asked, Reason Why) : ICommand;

/// <summary>Somebody has taken it on at the source.</summary>
public sealed record AcknowledgeBySource : ICommand;

/// <summary>The group fires again within its re-open window.</summary>
public sealed record ReopenBySource(StreamId Group, string Asked, Severity? Severity, string Title) : ICommand;

/// <summary>Due when a step has waited long enough for an acknowledgement.</summary>
public sealed record EscalateIncident(int Step, int Round) : ICommand;

/// <summary>A responder cannot be paged.</summary>
public sealed record ReportUnreached(int Step, int Round, string Responder, Reason Why) : ICommand;

/// <summary>A page was delivered or given up.</summary>
public sealed record ReportPage(
    string Page, string Responder, string Channel, DeliveryVerdict Verdict, DeliveryReason Why, string Detail) : ICommand;

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
