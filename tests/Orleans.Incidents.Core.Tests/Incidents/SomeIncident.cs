using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Core.Tests.Incidents;

/// <summary>Pasts of the one incident that tests look at.</summary>
internal static class SomeIncident
{
    public static readonly StreamId Self = StreamId.Incident("I");

    public static readonly Duration Lease = Duration.FromMinutes(30);

    public static readonly StepPaged FirstStep = new(0, 0, 0, ["alice"], Reason.EscalationBegan, Some.In(5));

    public static readonly IEvent[] Active = [Opened(), FirstStep];
    public static readonly IEvent[] Triage = [Opened(Severity.Warning)];
    public static readonly IEvent[] Acknowledged = [.. Active, new IncidentAcknowledged("alice", Reason.Acknowledged)];
    public static readonly IEvent[] Leased = [Opened() with { Lease = Lease }, FirstStep, new IncidentAcknowledged("alice", Reason.Acknowledged, Some.Now + Lease)];
    public static readonly IEvent[] Resolved = [.. Active, new IncidentResolved("alice", Reason.Resolved, Some.Now)];
    public static readonly IEvent[] Closed = [.. Resolved, new IncidentClosed("alice")];
    public static readonly IEvent[] InStorm = [Opened(kind: IncidentKind.Storm), FirstStep, new ProblemJoined(Some.OtherGroup, 1, "alert b")];

    public static IncidentOpened Opened(Severity severity = Severity.Critical, IncidentKind kind = IncidentKind.Problem) => new(
        kind, severity <= Severity.Error ? IncidentStatus.Active : IncidentStatus.Triage, "shop", "alert a", severity, Severity.Error, Some.Labels, Some.Group, 1, Some.Steps, 1, Some.Now);

    public static OpenIncident Open(Severity severity = Severity.Critical) =>
        new(IncidentKind.Problem, "shop", "alert a", severity, Severity.Error, Some.Labels, Some.Group, 1, Some.Steps, 1);

    /// <summary>What paging a step comes to: a page each target, and the step's time-out.</summary>
    public static Message[] PagesOf(int step, int round, Severity severity = Severity.Critical, string title = "alert a") =>
    [
        .. Some.Steps[step].Targets.Select(t => new Message(StreamId.Responder(t), new PageResponder("I", "shop", title, severity, step, round))),
        new(Self, new EscalateIncident(step, round), Some.Now + Some.Steps[step].Timeout),
    ];

    /// <summary>What takes the pages of a step back.</summary>
    public static Message Withdrawn(string responder = "alice", int step = 0, int round = 0) =>
        new(StreamId.Responder(responder), new WithdrawPages("I", [new PagedStep(step, round)]));

    public static Message Here(Severity severity) => new(Some.Group, new CatchUp("I", 1, severity));
}
