using Incidents.Alerts;
using Incidents.Routing;
using NodaTime;
using Route = Incidents.Routing.Route;

namespace Incidents.Server.Preview;

/// <summary>Says of a label set which routes take it and why.</summary>
/// <param name="tree">The tree.</param>
/// <param name="root">What it was compiled from.</param>
/// <param name="now">When: a route may be mute.</param>
/// <param name="isAlertmanagers">Whether it is another server's: then every timing of it counts.</param>
internal sealed class RouteView(RouteTree tree, RouteNode root, Instant now, bool isAlertmanagers = false)
{
    private readonly RouteOrigins _origins = new(tree.Root, root);

    public RouteTree Tree => tree;

    /// <summary>Every route that was tried or passed over, in the order of trying; those between are in the paths of those taken.</summary>
    public IEnumerable<RouteEntry> Explain(LabelSet labels)
    {
        foreach (var visit in tree.Explain(labels).Visits.Where(v => v.Outcome != RouteOutcome.PassedDown))
            yield return visit.Outcome == RouteOutcome.Taken ? Taken(visit.Route, labels) : Passed(visit, labels);
    }

    /// <summary>A route that takes the alert.</summary>
    public RouteEntry Taken(Route route, LabelSet labels)
    {
        var path = Path(route).Select(r => new PathStep(r.Id, RouteOrigins.Name(r), [.. r.Matchers.Select(m => MatcherVerdict.Of(m, labels))])).ToList();
        var group = route.GroupLabels(labels);
        var verdicts = path.SelectMany(s => s.Matchers).Select(m => m.Text).ToList();
        return new RouteEntry
        {
            Route = route.Id, Name = RouteOrigins.Name(route), Matches = true, Outcome = "taken", Receiver = route.Options.Receiver, Continue = route.Continue, Path = path,
            Group = group, GroupBy = GroupBy(route), Timings = [.. Timings(route)],
            Muted = route.Mutes?.At(now) is { } mute ? Spoken.Of(mute) : null,
            Text = $"goes to {route.Options.Receiver}: {(verdicts.Count == 0 ? "no other route takes it" : string.Join("; ", verdicts))}",
        };
    }

    private static RouteEntry Passed(RouteVisit visit, LabelSet labels)
    {
        var failed = visit.Failed is { } matcher ? MatcherVerdict.Of(matcher, labels) : null;
        return new RouteEntry
        {
            Route = visit.Route.Id, Name = RouteOrigins.Name(visit.Route), Matches = false, Outcome = failed is null ? "notTried" : "refused", Receiver = visit.Route.Options.Receiver, Continue = visit.Route.Continue, Failed = failed,
            Text = failed is null ? "not tried: a route before it took the alert and does not say continue" : $"does not match: {failed.Text}",
        };
    }

    private static IEnumerable<Route> Path(Route route) => route.Parent is null ? [route] : Path(route.Parent).Append(route);

    private Setting GroupBy(Route route)
    {
        var names = route.Options.GroupByAll ? "..." : string.Join(", ", route.Options.GroupBy.Select(Spoken.OneLine));
        return new Setting("group_by", names, _origins.Of(route, n => n.GroupBy is not null));
    }

    private IEnumerable<Setting> Timings(Route route)
    {
        var o = route.Options;
        yield return new("group_wait", DurationText.Format(o.GroupWait), _origins.Of(route, n => n.GroupWait is not null));
        yield return new("group_interval", DurationText.Format(o.GroupInterval), _origins.Of(route, n => n.GroupInterval is not null));
        yield return new("repeat_interval", DurationText.Format(o.RepeatInterval), _origins.Of(route, n => n.RepeatInterval is not null));
        foreach (var setting in isAlertmanagers ? [] : Ours(route))
            yield return setting;
        if (!o.MuteTimeIntervals.IsEmpty)
            yield return new("mute_time_intervals", string.Join(", ", o.MuteTimeIntervals.Select(Spoken.OneLine)), "this route");
        if (!o.ActiveTimeIntervals.IsEmpty)
            yield return new("active_time_intervals", string.Join(", ", o.ActiveTimeIntervals.Select(Spoken.OneLine)), "this route");
    }

    private IEnumerable<Setting> Ours(Route route)
    {
        var o = route.Options;
        yield return new("reopen_window", DurationText.Format(o.ReopenWindow), _origins.Of(route, n => n.ReopenWindow is not null));
        if (o.Threshold.After > 1)
        {
            var from = _origins.Of(route, n => n.OpenAfter is not null);
            yield return new("open_after", $"{o.Threshold.After} within {DurationText.Format(o.Threshold.Within)}, at once from {o.Threshold.AtOnceFrom.Name()}", from);
        }

        if (o.Flap.Count > 0)
            yield return new("flap_count", $"{o.Flap.Count} within {DurationText.Format(o.Flap.Window)}", _origins.Of(route, n => n.FlapCount is not null || n.FlapWindow is not null));
    }
}
