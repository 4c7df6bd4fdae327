using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine.Codec;
using Incidents.Engine.Delivery;
using Incidents.Engine.Tracing;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Server.Hosting;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Logging;

/// <summary>What happened, said behind the flush that made it durable. Repeats are never said: there may be a million a minute.</summary>
internal sealed class JournalLog(ILogger log, ReceiptBook receipts, TimeProvider clock)
{
    // More than people read; enough for machines to see what kind of day it is.
    private static readonly Budget Lines = new(600, Duration.FromMinutes(1), 300);

    private readonly FloodGate _gate = new(Lines, clock);

    /// <summary>Called on the engine's thread.</summary>
    public void Flushed(IReadOnlyList<Commit> commits)
    {
        if (!log.IsEnabled(LogLevel.Error))
            return;
        foreach (var commit in commits)
        {
            for (var i = 0; i < commit.Happened.Count; i++)
            {
                if (IsSaid(commit.Happened[i]) && Allows(commit.Happened[i]))
                    Say(commit, commit.Happened[i], commit.Events[i].Actor);
            }
        }
    }

    /// <summary>An attempt ended; that a page is delivered or given up is said when it is durable.</summary>
    public void Attempted(AttemptReport report)
    {
        if (report.Result.Verdict == DeliveryVerdict.Retry && Allows(report))
        {
            Log.PageAttemptFailed(log, report.Attempt, report.Page.Id, report.Page.Contact.Channel, Math.Round(report.Took.TotalSeconds, 3), report.Result.Reason.ToString(),
                report.Page.Incident, report.Origin?.Integration, Receipt(report.Origin), report.Origin?.TraceId);
        }
    }

    private bool IsSaid(object happened) => happened switch
    {
        LetterKept or EscalationExhausted or PageReported { Verdict: DeliveryVerdict.GiveUp } => true,
        StormStarted or TargetNotReached => log.IsEnabled(LogLevel.Warning),
        IncidentOpened or IncidentAcknowledged or IncidentResolved or IncidentReopened or IncidentClosed or StepPaged or StormEnded or PageReported => log.IsEnabled(LogLevel.Information),
        _ => false,
    };

    private bool Allows(object what)
    {
        var kind = what.GetType();
        if (!_gate.Allows(kind, out var leftOut))
            return false;
        if (leftOut > 0)
            Log.LinesLeftOut(log, kind.Name, leftOut);
        return true;
    }

    private void Say(Commit commit, object happened, string by)
    {
        var (id, origin) = (Subject.Incident(commit) ?? "", commit.Origin);
        var (integration, receipt, trace) = (origin?.Integration, Receipt(origin), origin?.TraceId);
        switch (happened)
        {
            case IncidentOpened e:
                Log.IncidentOpened(log, e.Kind.ToString().ToLowerInvariant(), id, e.Service, e.Severity.Name(), e.Status.ToString().ToLowerInvariant(), by, integration, receipt, trace);
                break;
            case IncidentAcknowledged e: Log.IncidentAcknowledged(log, id, e.Why.ToString(), by, integration, receipt, trace); break;
            case IncidentResolved e: Log.IncidentResolved(log, id, e.Why.ToString(), by, integration, receipt, trace); break;
            case IncidentReopened e: Log.IncidentReopened(log, id, e.Why.ToString(), by, integration, receipt, trace); break;
            case IncidentClosed: Log.IncidentClosed(log, id, by, trace); break;
            case StepPaged e: Log.StepPaged(log, id, e.Step, e.Round, e.Why.ToString(), by, integration, receipt, trace); break;
            case TargetNotReached e: Log.TargetNotReached(log, id, e.Responder, e.Why.ToString(), integration, receipt, trace); break;
            case EscalationExhausted e: Log.EscalationExhausted(log, id, e.Why.ToString(), integration, receipt, trace); break;
            case StormStarted e: Log.StormStarted(log, e.Identity, commit.Slot.Stream.Key, e.Incident, integration, receipt, trace); break;
            case LetterKept e:
                Log.DeadLettered(log, e.Command is { } command ? Payloads.NameOf(command) : "unreadable", e.To.ToString(), commit.Slot.Stream.Key, e.To.Kind == ActorKind.Incident ? e.To.Key : null, integration, receipt, trace);
                break;
            case StormEnded e: Log.StormEnded(log, commit.Slot.Stream.Key, e.Incident, trace); break;
            case PageReported { Verdict: DeliveryVerdict.Delivered } e: Log.PageDelivered(log, e.Page, e.Channel, id, e.Responder, integration, receipt, trace); break;
            case PageReported e: Log.PageGivenUp(log, e.Page, e.Channel, e.Why.ToString(), id, e.Responder, integration, receipt, trace); break;
            default: break;
        }
    }

    private string? Receipt(Origin? origin) =>
        origin?.Request is { Position: > 0 } request ? receipts.Ids(request.Position, request.Number, [origin.Alert])[0] : null;
}
