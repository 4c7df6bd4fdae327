using System.Collections.Immutable;
using Incidents.Routing.Intervals;
using Incidents.Routing.Matchers;

namespace Incidents.Routing.Compilation;

/// <summary>Turns route nodes into routes. It goes on after an error, so that one run tells of all.</summary>
internal sealed class RouteCompiler(RouteTreeOptions options)
{
    /// <summary>The entry of <c>group_by</c> that means every label.</summary>
    internal const string Wildcard = "...";

    private const int MaxDepth = 100;

    private readonly RouteValidator _validator = new(options);
    private readonly ImmutableArray<Route>.Builder _all = ImmutableArray.CreateBuilder<Route>();
    private readonly ImmutableArray<RouteWarning>.Builder _warnings = ImmutableArray.CreateBuilder<RouteWarning>();

    public RouteCompilation Compile(RouteNode root)
    {
        _validator.CheckRoot(root);
        var route = Compile(root, parent: null, index: 0, []);
        var errors = _validator.Errors;
        return new RouteCompilation(errors.IsEmpty ? new RouteTree(route, _all.DrainToImmutable()) : null, errors) { Warnings = _warnings.ToImmutable() };
    }

    private Route Compile(RouteNode node, Route? parent, int index, ImmutableArray<RouteStep> path)
    {
        _validator.Check(node, path);
        var inherited = parent?.Options ?? RouteOptions.FromDefaults(options.Defaults);
        var route = new Route(parent, index, inherited.OverlaidBy(node), ReadMatchers(node, path), node.Continue, Mutes(node));
        _all.Add(route);
        if (route.Depth >= MaxDepth && !node.Routes.IsEmpty)
            _validator.Report(RouteProblem.TooDeep, path, $"routes nest deeper than {MaxDepth}");
        else
            route.Adopt([.. node.Routes.Select((child, i) => Compile(child, route, i, [.. path, new("routes"), new(null, i)]))]);
        return route;
    }

    private MuteSchedule? Mutes(RouteNode node)
    {
        var (muted, active) = (Intervals(node.MuteTimeIntervals), Intervals(node.ActiveTimeIntervals));
        return muted.IsEmpty && active.IsEmpty ? null : new MuteSchedule(muted, active);
    }

    // A name that there is not has been reported.
    private ImmutableArray<TimeIntervalDefinition> Intervals(ImmutableArray<string> names) =>
        [.. names.Select(n => options.TimeIntervals?.GetValueOrDefault(n)).OfType<TimeIntervalDefinition>()];

    private ImmutableArray<Matcher> ReadMatchers(RouteNode node, ImmutableArray<RouteStep> path)
    {
        var matchers = new List<Matcher>();
        matchers.AddRange(node.Match.Select(m => Matcher.EqualTo(m.Key, m.Value)));
        foreach (var (name, pattern) in node.MatchRe)
            matchers.AddRange(ReadOldPattern(name, pattern, path));
        for (var i = 0; i < node.Matchers.Length; i++)
        {
            ImmutableArray<RouteStep> place = [.. path, new("matchers"), new(null, i)];
            if (MatcherParser.ParseAll(node.Matchers[i], options.Mode).TryGet(out var parsed, out var error))
                matchers.AddRange(parsed);
            else
                _validator.Report(RouteProblem.InvalidMatcher, place, error.ToString());
            if (options.Mode == MatcherMode.Fallback && MatcherWarning.Of(node.Matchers[i]) is { } warning)
                _warnings.Add(new RouteWarning(place, warning));
        }

        return [.. matchers.Order(Matcher.Order)];
    }

    /// <summary>
    /// The old form keeps its pattern with the anchors, which is how it shows in route keys: they must be Alertmanager's own.
    /// </summary>
    private IEnumerable<Matcher> ReadOldPattern(string name, string pattern, ImmutableArray<RouteStep> path)
    {
        var plain = Matcher.Create(name, MatchOperator.Matches, pattern);
        var anchored = plain.IsValid ? Matcher.Create(name, MatchOperator.Matches, $"^(?:{pattern})$") : plain;
        if (anchored.TryGet(out var matcher, out var error))
            return [matcher];
        _validator.Report(RouteProblem.InvalidPattern, [.. path, new("match_re"), new(name)], error.ToString());
        return [];
    }
}
