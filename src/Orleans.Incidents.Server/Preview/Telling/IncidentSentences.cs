using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;

namespace Incidents.Server.Preview;

/// <summary>What an incident's decision means, in words. Who is paged has its own file, <see cref="PagePlan"/>.</summary>
internal static class IncidentSentences
{
    public static IEnumerable<Clause> Of(Rehearsed turn, Story story)
    {
        var said = turn.Decision.Events.Select(e => Say(e, turn, story)).OfType<string>().ToList();
        if (turn.Decision.Events.IsEmpty && Nothing(turn, story) is { } nothing)
            said.Add(nothing);
        return said.Select(text => new Clause(turn.Decision.Reason, text));
    }

    /// <summary>How an incident stands that was there before.</summary>
    public static string Standing(IncidentState state, Story story)
    {
        if (!IncidentRules.IsOpen(state))
            return state.ResolvedAt is { } at ? $"it was resolved {Spoken.Of(story.Now - at)} ago" : "it has ended";
        var open = $"it has been {(state.Status == IncidentStatus.Triage ? "in triage" : "active")} for {Spoken.Of(story.Now - state.OpenedAt)} at {state.Severity.Name()}";
        return state switch
        {
            { AcknowledgedBy: { } who, AcknowledgedUntil: { } until } => $"{open}, acknowledged by {Spoken.OneLine(who)} for {Spoken.Of(until - story.Now)} more",
            { AcknowledgedBy: { } who } => $"{open}, acknowledged by {Spoken.OneLine(who)}",
            { Escalation: { Running: true } e } => $"{open}, step {e.Step + 1} of {state.Steps.Length} is paged and nobody has acknowledged",
            { Escalation: not null } => $"{open}, nobody has acknowledged and its escalation has ended",
            _ => $"{open} and pages nobody",
        };
    }

    private static string? Say(IEvent happened, Rehearsed turn, Story story)
    {
        var (before, after) = ((IncidentState)turn.Before, (IncidentState)turn.After);
        var incident = story.Incident(turn.Actor.Key);
        return happened switch
        {
            IncidentOpened e => $"opens a {(e.Kind == IncidentKind.Storm ? "storm" : "new")} incident on service {e.Service} {Worth(e.Severity, e.PageFrom)}",
            IncidentReopened => $"opens {incident} again, which was resolved {Ago(before, story)}(reopen_window {Routing.DurationText.Format(story.Item.Signal.Target.ReopenWindow)}) {Worth(after.Severity, after.PageFrom)}",
            SeverityChanged e => $"raises {(story.IsNew(turn.Actor.Key) ? incident : "its severity")} from {e.From.Name()} to {e.To.Name()}",
            AcknowledgementExpired { Why: Reason.StormGrew } e =>
                $"takes back the acknowledgement of {incident} by {Spoken.OneLine(e.By)}: it held {Spoken.Count(before.KnownGroups, "problem")} then and holds {after.Held.Count} now",
            ProblemEnded when after.Groups.Count > 0 => $"takes this problem off {incident}, which holds {Spoken.Count(after.Groups.Count, "other")} and stays open",
            IncidentResolved => $"resolves {incident}: its last alert ends{Withdrawn(before)}",
            IncidentAcknowledged e => $"acknowledges {incident}{(e.Until is { } until ? $" for {Spoken.Of(until - turn.At)}" : "")}: its escalation stops{Withdrawn(before)}",
            ProblemJoined when turn.Decision.Reason == Reason.JoinedGroup => $"joins {incident}",
            _ => null,
        };
    }

    private static string? Nothing(Rehearsed turn, Story story) => (turn.Command, turn.Decision.Reason) switch
    {
        (AcknowledgeBySource, Reason.OneOfStormAcknowledged) =>
            $"does not acknowledge {story.Incident(turn.Actor.Key)}: it holds {Spoken.Count(((IncidentState)turn.Before).Groups.Count, "problem")}, and one of them taken on must not silence the others",
        (AcknowledgeBySource, Reason.AlreadyAcknowledged) => $"changes nothing: {story.Incident(turn.Actor.Key)} is acknowledged already",
        (AcknowledgeBySource or UpdateFromSource or EndProblem, Reason.IncidentEnded) => $"changes nothing in {story.Incident(turn.Actor.Key)}, which has ended",
        _ => null,
    };

    private static string Worth(Severity severity, Severity pageFrom) => severity <= pageFrom
        ? $"({severity.Name()} ≥ page_from {pageFrom.Name()})"
        : $"in triage, which pages nobody ({severity.Name()} < page_from {pageFrom.Name()})";

    private static string Withdrawn(IncidentState before) => before.Outstanding.IsEmpty ? "" : ", and pages that are still on their way are taken back";

    private static string Ago(IncidentState before, Story story) => before.ResolvedAt is { } at ? $"{Spoken.Of(story.Now - at)} ago " : "";
}
