using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Codec;
using Incidents.Incidents;

namespace Incidents.Server.Preview;

/// <summary>Turns a rehearsal into what would be done, an entry an item.</summary>
internal sealed class Teller(Rehearsal rehearsal, Caller by)
{
    private static readonly Dictionary<Type, string> Names = Payloads.Types.ToDictionary(t => t.Value, t => t.Key);

    /// <summary>One entry for each item, in their order.</summary>
    public async Task<IReadOnlyList<WouldDo>> TellAsync(IReadOnlyList<Item> items)
    {
        var opened = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var turn in rehearsal.Turns.Where(t => t.Decision.Events.Any(e => e is IncidentOpened)))
            opened[turn.Actor.Key] = items[turn.Origin].AlertIndex;
        var turns = rehearsal.Turns.ToLookup(t => t.Origin);
        var held = rehearsal.Held.ToLookup(h => h.Origin, h => h.Message);
        var told = new List<WouldDo>(items.Count);
        foreach (var item in items)
        {
            var later = held.Contains(item.Origin) ? await rehearsal.ForeseeAsync(item.Origin, held[item.Origin]) : [];
            told.Add(await TellAsync(new Story(item, by, Opened(later, item, opened)), [.. turns[item.Origin]], later));
        }

        return told;
    }

    // What would open after a wait is new too.
    private static Dictionary<string, int> Opened(IReadOnlyList<Rehearsed> later, Item item, Dictionary<string, int> before)
    {
        var opened = later.Where(t => t.Decision.Events.Any(e => e is IncidentOpened)).ToList();
        return opened.Count == 0 ? before : new(before.Concat(opened.Select(t => KeyValuePair.Create(t.Actor.Key, item.AlertIndex))), StringComparer.Ordinal);
    }

    private async Task<WouldDo> TellAsync(Story story, IReadOnlyList<Rehearsed> turns, IReadOnlyList<Rehearsed> later)
    {
        IReadOnlyList<Rehearsed> all = [.. turns, .. later];
        var pages = PagePlan.Of(all);
        var touched = Touched(turns, story);
        var clauses = turns.SelectMany(t => Clauses(t, story)).ToList();
        clauses.AddRange(later.SelectMany(t => Clauses(t, story)).Select(c => c with { Text = $"then {c.Text}" }));
        var text = string.Join("; ", clauses.Select(c => c.Text).Append(Pages(pages, story, turns)).Concat(await MoreAsync(story, turns, touched)).Where(t => t.Length > 0));
        var first = turns[0].Decision.Reason;
        return new WouldDo
        {
            Alert = story.Item.AlertIndex, Route = story.Item.Route, Group = story.Item.Group.ToString(), Service = story.Item.Signal.Target.Service,
            Incident = touched, Opens = all.Any(t => t.Decision.Events.Any(e => e is IncidentOpened)),
            Reason = (clauses.Count > 0 ? clauses[0].Reason : first).ToString(), Text = text.Length > 0 ? text : Spoken.Of(first),
            Pages = pages.Pages, Decisions = [.. turns.Select(t => new PlannedDecision(story.IsNew(t.Actor.Key) ? "incident/new" : t.Actor.ToString(), t.Decision.Reason.ToString(), [.. t.Decision.Events.Select(e => Names[e.GetType()])]))],
        };
    }

    // The incident that was there before, if it has anything to do with it.
    private static string? Touched(IReadOnlyList<Rehearsed> turns, Story story)
    {
        var decided = turns.FirstOrDefault(t => t.Actor.Kind == ActorKind.Incident && ((IncidentState)t.Before).Status != IncidentStatus.None && !story.IsNew(t.Actor.Key));
        if (decided is not null)
            return decided.Actor.Key;
        var group = (Grouping.GroupState)turns[0].Before;
        return group.Open && !group.Waiting && group.Incident is { } known && !story.IsNew(known) ? known : null;
    }

    // Whoever wonders at night why the pager was silent reads it here.
    private static string Pages(PagePlan plan, Story story, IReadOnlyList<Rehearsed> turns)
    {
        var isNews = story.Alert.Action == Alerts.AlertAction.Trigger && turns[0].Decision.Events.Length > 0 && !((Grouping.GroupState)turns[0].Before is { Open: true, Waiting: true });
        var isSaid = turns.Any(t => t.Decision.Reason is Reason.OpenedInTriage or Reason.WaitsForGroup or Reason.ReopenedWithinWindow or Reason.CountedBelowThreshold or Reason.MutedByInterval or Reason.FlappedAgain);
        return plan.Pages.Count == 0 && plan.Ending.Length == 0 && isNews && !isSaid ? "nobody is paged anew" : plan.ToString();
    }

    private static IEnumerable<Clause> Clauses(Rehearsed turn, Story story) => turn.Actor.Kind switch
    {
        ActorKind.Group => GroupSentences.Of(turn, story),
        ActorKind.Service => ServiceSentences.Of(turn, story) is { } said ? [said] : [],
        ActorKind.Incident => IncidentSentences.Of(turn, story),
        _ => [],
    };

    private async Task<IEnumerable<string>> MoreAsync(Story story, IReadOnlyList<Rehearsed> turns, string? touched)
    {
        var more = turns.Where(t => t.Actor.Kind == ActorKind.Service).Select(t => ServiceSentences.Left(t, story)?.Text).OfType<string>().ToList();
        if (touched is not null)
        {
            var before = turns.FirstOrDefault(t => t.Actor == StreamId.Incident(touched))?.Before ?? await rehearsal.StateAsync(StreamId.Incident(touched));
            if (((IncidentState)before).Status != IncidentStatus.None)
                more.Add(IncidentSentences.Standing((IncidentState)before, story));
        }

        var changes = turns[0].Decision.Events.Length > 0;
        if (changes && story.Alert is { Action: Alerts.AlertAction.Trigger, ExpiresAfter: { } silence })
            more.Add($"it ends by itself unless it is sent again within {Routing.DurationText.Format(silence)}");
        return more;
    }
}
