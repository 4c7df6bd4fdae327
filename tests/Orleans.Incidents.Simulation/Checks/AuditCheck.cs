using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Checks;

/// <summary>What the journal must be at every moment: chains, versions, pages, times.</summary>
internal static class AuditCheck
{
    // A timer's decision may run again after the clock went back a little.
    private static readonly Duration Slack = Duration.FromSeconds(30);

    public static void Run(Image image)
    {
        foreach (var stream in image.Numbered)
            Chained(stream);
        foreach (var incident in image.Of(ActorKind.Incident))
            Escalated(incident);
        foreach (var page in image.Of(ActorKind.Page))
            Retried(page);
        foreach (var group in image.Of(ActorKind.Group))
            Expired(group);
        var pages = image.Of(ActorKind.Responder).SelectMany(r => r.Happened.OfType<ResponderPaged>()).SelectMany(p => p.Pages).ToList();
        Must.Hold(pages.Count == pages.Distinct(StringComparer.Ordinal).Count(), () => "a page id is made twice");
    }

    private static void Chained(StoredStream stream)
    {
        var hash = Chain.Start.ToArray();
        for (var i = 0; i < stream.Events.Count; i++)
        {
            var e = stream.Events[i];
            Must.Hold(e.Version == i + 1, () => $"{stream.Id}: version {e.Version} at place {i + 1}");
            hash = Chain.Next(hash, e);
            Must.Hold(hash.AsSpan().SequenceEqual(e.Hash), () => $"{stream.Id}: the chain breaks at version {e.Version}");
        }
    }

    private static void Escalated(StoredStream incident)
    {
        StepPaged? last = null;
        Instant lastAt = default;
        var state = IncidentState.Initial;
        var paged = new HashSet<(int, int)>();
        for (var i = 0; i < incident.Happened.Count; i++)
        {
            var at = Engine.Time.Instant(incident.Events[i].Time);
            if (incident.Happened[i] is StepPaged step)
            {
                Must.Hold(paged.Add((step.Step, step.Round)), () => $"{incident.Id}: step {step.Step} of round {step.Round} is paged twice");
                Must.Hold(step.Why != Reason.EscalationBegan || state.Severity <= state.PageFrom, () => $"{incident.Id}: pages at {state.Severity}, which pages nobody");
                if (step.Why == Reason.StepTimedOut && last is { } l)
                    Must.Hold(at >= lastAt + state.Steps[l.Step].Timeout - Slack, () => $"{incident.Id}: step {step.Step} is paged too early");
                (last, lastAt) = (step, at);
            }

            state = IncidentState.Evolve(state, incident.Happened[i]);
        }
    }

    private static void Retried(StoredStream page)
    {
        Instant? notBefore = null;
        Must.Hold(!page.Happened.SkipWhile(h => h is not PageWithdrawn).OfType<PageAttemptStarted>().Any(), () => $"{page.Id}: tried after it was withdrawn");
        for (var i = 0; i < page.Happened.Count; i++)
        {
            if (page.Happened[i] is PageAttemptStarted && notBefore is { } t)
                Must.Hold(Engine.Time.Instant(page.Events[i].Time) >= t - Slack, () => $"{page.Id}: tried again before its time");
            notBefore = page.Happened[i] is PageAttemptFailed failed ? failed.NextAt : null;
        }
    }

    private static void Expired(StoredStream group)
    {
        var state = GroupState.Initial;
        foreach (var happened in group.Happened)
        {
            if (happened is AlertsEnded { Why: Reason.EndedBySilence } ended)
                Must.Hold(ended.Places.All(p => state.Members[p].Deadline is { } d && d <= ended.At), () => $"{group.Id}: an alert ended by silence before its time");
            state = GroupState.Evolve(state, happened);
        }
    }
}
