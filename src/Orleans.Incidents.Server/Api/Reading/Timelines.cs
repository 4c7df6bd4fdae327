using System.Text.Json;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;
using NodaTime;

namespace Incidents.Server.Api;

/// <summary>One thing that happened.</summary>
/// <param name="At">When it was decided.</param>
/// <param name="What">The event's stable name.</param>
/// <param name="By">Who or what acted.</param>
/// <param name="Reason">The named reason.</param>
/// <param name="Of">The actor it happened to.</param>
/// <param name="Hash">The chain's hash behind it.</param>
/// <param name="Data">The event as stored.</param>
internal sealed record TimelineItem(Instant At, string What, string By, string Reason, string Of, string Hash, JsonElement Data);

/// <summary>
/// An incident's timeline is read from the journal itself: its own stream, and those of its groups and pages, in order of
/// happening.
/// </summary>
internal static class Timelines
{
    private const int MaxGroups = 50;
    private const int MaxContacts = 8;

    public static IReadOnlyList<TimelineItem> Of(IJournalHistory history, string incident, int limit)
    {
        var own = history.Events(StreamId.Incident(incident), 1, limit);
        if (own.Count == 0)
            return [];
        var happened = own.Select(e => Payloads.Read(e.Envelope.Type, e.Envelope.Payload)).ToList();
        var opened = (IncidentOpened)happened[0];
        var groups = happened.OfType<ProblemJoined>().Select(j => j.Group).Prepend(opened.Group).Distinct().Take(MaxGroups);
        var ended = happened.LastOrDefault(h => h is IncidentResolved or IncidentClosed or IncidentReopened) is IncidentReopened or null ? Instant.MaxValue : Time.Instant(own[^1].Envelope.Time);
        var pages = happened.OfType<StepPaged>().SelectMany(s => s.Targets.Select(t => (s, t))).SelectMany(x => Pages(history, incident, x.s, x.t));
        var others = groups.SelectMany(g => Within(history.Events(g, 1, limit), incident, opened.At, ended)).Concat(pages);
        return [.. own.Concat(others).OrderBy(e => e.Number).Take(limit).Select(Shown)];
    }

    private static IEnumerable<StoredEvent> Pages(IJournalHistory history, string incident, StepPaged step, string responder)
    {
        for (var contact = 0; contact < MaxContacts; contact++)
        {
            var events = history.Events(StreamId.Page(PageContent.IdOf(incident, step.Step, step.Round, responder, contact)), 1, 100);
            if (events.Count == 0 && contact > 0)
                yield break;
            foreach (var stored in events)
                yield return stored;
        }
    }

    // A group outlives its incidents: what happened to it before or after is another incident's. Its wait for this one belongs here.
    private static IEnumerable<StoredEvent> Within(IReadOnlyList<StoredEvent> group, string incident, Instant opened, Instant ended)
    {
        foreach (var stored in group.SkipWhile(e => Time.Instant(e.Envelope.Time) < opened && !Opens(e.Envelope, incident)))
        {
            // Whoever ended the incident ended its group: on a cluster that is decided by another process, a moment later.
            var isLater = Time.Instant(stored.Envelope.Time) > ended;
            if (isLater && stored.Envelope.Type != "group.ended")
                yield break;
            yield return stored;
            if (isLater)
                yield break;
        }
    }

    private static bool Opens(Envelope e, string incident) => e.Type == "group.opened" && ((GroupOpened)Payloads.Read(e.Type, e.Payload)).Incident == incident;

    private static TimelineItem Shown(StoredEvent stored)
    {
        var e = stored.Envelope;
        using var data = JsonDocument.Parse(e.Payload);
        return new TimelineItem(Time.Instant(e.Time), e.Type, e.Actor, e.Reason, e.Stream, Convert.ToHexStringLower(e.Hash), data.RootElement.Clone());
    }
}
