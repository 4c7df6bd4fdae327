using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>Who would be paged, when and how, as the rehearsal has it: at once, and later if nobody acknowledged.</summary>
/// <param name="Pages">In order.</param>
/// <param name="Ending">What comes behind the last of them; empty: it goes on as before.</param>
internal sealed record PagePlan(IReadOnlyList<PlannedPage> Pages, string Ending)
{
    /// <summary>The plan in an item's turns. Waiting for a group does not count: time runs from the opening.</summary>
    public static PagePlan Of(IReadOnlyList<Rehearsed> turns)
    {
        var start = turns.FirstOrDefault(t => t.Decision.Events.Any(e => e is StepPaged))?.At ?? default;
        var round = turns.SelectMany(t => t.Decision.Events).OfType<StepPaged>().FirstOrDefault()?.FirstRound ?? 0;
        var pages = turns.Where(t => t.Command is PageResponder p && p.Round == round).Select(t => Page(t, start)).ToList();
        return new PagePlan(pages, End(turns, round, start));
    }

    /// <summary>In words; empty when nobody is paged and nothing is to be said about it.</summary>
    public override string ToString()
    {
        var steps = Pages.GroupBy(p => p.After).Select((g, i) => $"{(i == 0 ? "pages" : "then")} {Spoken.List([.. g.Select(Who)])} {When(g.Key, i == 0)}");
        return string.Join(", ", Ending.Length == 0 ? steps : [.. steps, Ending]);
    }

    private static string When(Duration after, bool isFirst) =>
        after == Duration.Zero ? "at once" : $"after {Routing.DurationText.Format(after)}{(isFirst ? "" : " without an acknowledgement")}";

    private static string Who(PlannedPage page) => page.Unreached is null
        ? $"{page.Responder} by {string.Join('+', page.Channels)}"
        : $"{page.Responder} (not reached: {page.Unreached})";

    private static PlannedPage Page(Rehearsed turn, Instant start)
    {
        var asked = (PageResponder)turn.Command;
        var channels = turn.Decision.Messages.Select(m => m.Command).OfType<DeliverPage>().Select(d => d.Content.Contact.Channel).ToList();
        return new PlannedPage(turn.Actor.Key, channels, turn.At - start, asked.Step, channels.Count > 0 ? null : Spoken.Of(turn.Decision.Reason));
    }

    private static string End(IReadOnlyList<Rehearsed> turns, int round, Instant start)
    {
        foreach (var turn in turns.Where(t => t.Actor.Kind == ActorKind.Incident))
        {
            var state = (IncidentState)turn.After;
            foreach (var happened in turn.Decision.Events)
            {
                if (happened is EscalationExhausted { Why: Reason.NoPolicy })
                    return $"pages nobody: service {state.Service} has no escalation policy";
                if (happened is EscalationExhausted)
                    return turn.At == start ? "and nobody is left to page" : $"and after {Routing.DurationText.Format(turn.At - start)} nobody is left to page";
                if (happened is StepPaged again && again.Round > round)
                    return $"then from the first step again after {Routing.DurationText.Format(turn.At - start)}, {Spoken.Count(state.Repeat, "more round")}";
            }
        }

        return "";
    }
}
