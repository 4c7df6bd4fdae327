using System.Collections.Immutable;
using System.Text;
using Incidents.Alerts;
using Incidents.Routing.Matchers;

namespace Incidents.Routing;

/// <summary>What became of an alert at one route that was tried.</summary>
public enum RouteOutcome
{
    /// <summary>A matcher did not hold; children were not tried.</summary>
    Refused,

    /// <summary>All matchers held, and a child took the alert.</summary>
    PassedDown,

    /// <summary>All matchers held and no child took the alert: it goes here.</summary>
    Taken,

    /// <summary>A sibling before it took the alert and does not say <c>continue</c>; neither were its children tried.</summary>
    NotTried,
}

/// <summary>One route that was tried, or passed over because another took the alert before.</summary>
/// <param name="Route">The route.</param>
/// <param name="Outcome">What became of the alert.</param>
/// <param name="Failed">The first matcher that did not hold; <see langword="null"/> unless refused.</param>
/// <param name="Value">The alert's value for that matcher's label, empty when absent; <see langword="null"/> unless refused.</param>
public sealed record RouteVisit(Route Route, RouteOutcome Outcome, Matcher? Failed, string? Value);

/// <summary>Why an alert goes where it goes.</summary>
/// <param name="Visits">Every route that was tried, in the order of trying, parents before children; and those passed over, in their place.</param>
/// <param name="Routes">The routes it takes, as <see cref="RouteTree.Match"/> has them.</param>
public sealed record RouteExplanation(ImmutableArray<RouteVisit> Visits, ImmutableArray<Route> Routes)
{
    /// <summary>One line a visit, indented by depth.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var visit in Visits)
            text.Append(' ', 2 * visit.Route.Depth).Append('{').AppendJoin(',', visit.Route.Matchers).Append("} ").Append(Say(visit)).Append('\n');
        return text.ToString();
    }

    private static string Say(RouteVisit visit) => visit.Outcome switch
    {
        RouteOutcome.Refused => $"does not match: {visit.Failed} fails for \"{visit.Value}\"",
        RouteOutcome.PassedDown => "matches, and so does a route below",
        RouteOutcome.NotTried => "not tried: a route before it took the alert",
        _ => $"matches: receiver {visit.Route.Options.Receiver}",
    };
}

/// <summary>Walks the tree as <see cref="RouteTree.Match"/> does, without short cuts, and writes down what it sees.</summary>
internal sealed class RouteExplainer(LabelSet labels)
{
    private readonly List<RouteVisit> _visits = [];

    public RouteExplanation Explain(Route root)
    {
        Visit(root);
        return new RouteExplanation([.. _visits], [.. _visits.Where(v => v.Outcome == RouteOutcome.Taken).Select(v => v.Route)]);
    }

    private bool Visit(Route route)
    {
        var failed = route.Matchers.FirstOrDefault(m => !m.Matches(labels));
        var place = _visits.Count;
        _visits.Add(new RouteVisit(route, failed is null ? RouteOutcome.Taken : RouteOutcome.Refused, failed, failed is null ? null : labels[failed.Name]));
        if (failed is not null)
            return false;
        var isTaken = false;
        foreach (var child in route.Children)
        {
            if (isTaken)
                _visits.Add(new RouteVisit(child, RouteOutcome.NotTried, null, null));
            else if (Visit(child))
            {
                _visits[place] = _visits[place] with { Outcome = RouteOutcome.PassedDown };
                isTaken = !child.Continue;
            }
        }

        return true;
    }
}
