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

/// <summary>What the journal must be at every moment: chains, versions, pages, times. Each event is looked at once.</summary>
internal sealed class AuditCheck(Image image)
{
    // A timer's decision may run again after the clock went back a little.
    private static readonly Duration Slack = Duration.FromSeconds(30);

    private readonly Dictionary<StreamId, Followed> _followed = [];
    private readonly HashSet<string> _pages = new(StringComparer.Ordinal);

    public void Run()
    {
        foreach (var stream in image.Numbered)
        {
            if (!_followed.TryGetValue(stream.Id, out var seen))
                _followed.Add(stream.Id, seen = new Followed());
            for (; seen.Count < stream.Events.Count; seen.Count++)
                Next(stream, seen);
        }
    }

    private void Next(StoredStream stream, Followed seen)
    {
        var (envelope, happened) = (stream.Events[seen.Count], stream.Happened[seen.Count]);
        Must.Hold(envelope.Stream == stream.Id.ToString(), () => $"{stream.Id}: version {envelope.Version} is of {envelope.Stream}");
        Must.Hold(envelope.Version == seen.Count + 1, () => $"{stream.Id}: version {envelope.Version} at place {seen.Count + 1}");
        seen.Hash = Chain.Next(seen.Hash, envelope);
        Must.Hold(seen.Hash.AsSpan().SequenceEqual(envelope.Hash), () => $"{stream.Id}: the chain breaks at version {envelope.Version}");
        var (before, at) = (stream.States[seen.Count], Engine.Time.Instant(envelope.Time));
        switch (happened)
        {
            case StepPaged step: Escalated(stream, seen, (IncidentState)before, step, at); break;
            case PageAttemptStarted:
                Must.Hold(at >= seen.NotBefore, () => $"{stream.Id}: tried again before its time");
                Must.Hold(((PageState)before).Status != PageStatus.Withdrawn, () => $"{stream.Id}: tried after it was withdrawn");
                break;
            case PageAttemptFailed failed: seen.NotBefore = failed.NextAt - Slack; break;
            case AlertsEnded { Why: Reason.EndedBySilence } ended: Expired(stream, (GroupState)before, ended); break;
            case ResponderPaged paged: Must.Hold(paged.Pages.All(_pages.Add), () => "a page id is made twice"); break;
            default: break;
        }
    }

    private static void Escalated(StoredStream incident, Followed seen, IncidentState state, StepPaged step, Instant at)
    {
        Must.Hold(seen.Paged.Add((step.Step, step.Round)), () => $"{incident.Id}: step {step.Step} of round {step.Round} is paged twice");
        Must.Hold(step.Why != Reason.EscalationBegan || state.Severity <= state.PageFrom, () => $"{incident.Id}: pages at {state.Severity}, which pages nobody");
        if (step.Why == Reason.StepTimedOut && seen.LastPaged is { } last)
            Must.Hold(at >= last.At + state.Steps[last.Step].Timeout - Slack, () => $"{incident.Id}: step {step.Step} is paged too early");
        seen.LastPaged = (step.Step, at);
    }

    private static void Expired(StoredStream group, GroupState state, AlertsEnded ended) =>
        Must.Hold(ended.Places.All(p => state.Members[p].Deadline is { } d && d <= ended.At), () => $"{group.Id}: an alert ended by silence before its time");

    /// <summary>How far one stream was followed, and what later events are held to.</summary>
    private sealed class Followed
    {
        public int Count { get; set; }

        public byte[] Hash { get; set; } = Chain.Start.ToArray();

        public HashSet<(int Step, int Round)> Paged { get; } = [];

        public (int Step, Instant At)? LastPaged { get; set; }

        public Instant NotBefore { get; set; } = Instant.MinValue;
    }
}
