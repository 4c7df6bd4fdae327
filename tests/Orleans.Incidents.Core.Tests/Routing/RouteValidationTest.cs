using System.Collections.Immutable;
using Incidents.Routing.Intervals;
using Incidents.Routing.Matchers;
using NodaTime;

namespace Incidents.Routing;

public sealed class RouteValidationTest
{
    private static readonly RouteNode Root = new() { Receiver = "r" };

    private static ImmutableSortedDictionary<string, string> Map(string key, string value) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(key, value);

    public static TheoryData<RouteProblem, string, RouteNode> Wrong => new()
    {
        { RouteProblem.MissingReceiver, "route", new RouteNode() },
        { RouteProblem.UnknownReceiver, "route.receiver", Root with { Receiver = "nobody" } },
        { RouteProblem.RootHasMatchers, "route.matchers", Root with { Matchers = ["a=1"] } },
        { RouteProblem.RootHasMatchers, "route.match", Root with { Match = Map("a", "1") } },
        { RouteProblem.RootHasMatchers, "route.match_re", Root with { MatchRe = Map("a", "1") } },
        { RouteProblem.RootContinues, "route.continue", Root with { Continue = true } },
        { RouteProblem.RootHasTimeIntervals, "route.mute_time_intervals", Root with { MuteTimeIntervals = ["nights"] } },
        { RouteProblem.RootHasTimeIntervals, "route.active_time_intervals", Root with { ActiveTimeIntervals = ["nights"] } },
        { RouteProblem.InvalidLabelName, "route.labels.", Root with { Labels = Map("", "1") } },
        { RouteProblem.InvalidLabelName, "route.group_by[1]", Root with { GroupBy = ["a", ""] } },
        { RouteProblem.DuplicateGroupLabel, "route.group_by[2]", Root with { GroupBy = ["a", "b", "a"] } },
        { RouteProblem.WildcardBesideLabels, "route.group_by", Root with { GroupBy = ["...", "a"] } },
        { RouteProblem.InvalidDuration, "route.group_interval", Root with { GroupInterval = Duration.Zero } },
        { RouteProblem.InvalidDuration, "route.repeat_interval", Root with { RepeatInterval = Duration.Zero } },
        { RouteProblem.InvalidDuration, "route.group_wait", Root with { GroupWait = Duration.FromSeconds(-1) } },
        { RouteProblem.InvalidDuration, "route.reopen_window", Root with { ReopenWindow = Duration.FromSeconds(-1) } },
        { RouteProblem.InvalidDuration, "route.flap_window", Root with { FlapWindow = Duration.Zero } },
        { RouteProblem.InvalidDuration, "route.open_within", Root with { OpenWithin = Duration.Zero } },
        { RouteProblem.InvalidCount, "route.open_after", Root with { OpenAfter = 0 } },
        { RouteProblem.InvalidCount, "route.open_after", Root with { OpenAfter = 1001 } },
        { RouteProblem.InvalidCount, "route.flap_count", Root with { FlapCount = 1 } },
        { RouteProblem.InvalidCount, "route.routes[0].flap_count", Child(new() { FlapCount = 21 }) },
        { RouteProblem.InvalidLabelName, "route.routes[0].match.a-b", Child(new() { Match = Map("a-b", "1") }) },
        { RouteProblem.InvalidLabelName, "route.routes[0].match_re.a-b", Child(new() { MatchRe = Map("a-b", "1") }) },
        { RouteProblem.InvalidPattern, "route.routes[0].match_re.a", Child(new() { MatchRe = Map("a", "(") }) },
        { RouteProblem.InvalidMatcher, "route.routes[0].matchers[1]", Child(new() { Matchers = ["a=1", "a!b"] }) },
        { RouteProblem.UnknownTimeInterval, "route.routes[0].mute_time_intervals[1]", Child(new() { MuteTimeIntervals = ["nights", "days"] }) },
        { RouteProblem.UnknownTimeInterval, "route.routes[0].active_time_intervals[0]", Child(new() { ActiveTimeIntervals = ["days"] }) },
    };

    private static RouteNode Child(RouteNode child) => Root with { Routes = [child] };

    private static RouteCompilation Compile(RouteNode node) => RouteTree.Compile(node, new RouteTreeOptions
    {
        Receivers = new HashSet<string>(["r"], StringComparer.Ordinal),
        TimeIntervals = new Dictionary<string, TimeIntervalDefinition>(StringComparer.Ordinal) { ["nights"] = new("nights", []) },
    });

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Compile_refuses_with_the_place(RouteProblem problem, string path, RouteNode node)
    {
        var compiled = Compile(node);
        Assert.Null(compiled.Tree);
        var error = Assert.Single(compiled.Errors);
        Assert.Equal((problem, path), (error.Problem, error.PathText));
        Assert.StartsWith(path + ": ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_refused_somewhere_above() =>
        Assert.Equal(
            Enum.GetValues<RouteProblem>().Where(p => p != RouteProblem.TooDeep),
            Wrong.Select(row => row.Data.Item1).Distinct().Order());

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var compiled = Compile(new RouteNode { Continue = true, Routes = [new() { Matchers = ["!", "("] }, new() { Receiver = "x" }] });
        Assert.Equal(
            ["route", "route.continue", "route.routes[0].matchers[0]", "route.routes[0].matchers[1]", "route.routes[1].receiver"],
            compiled.Errors.Select(e => e.PathText));
    }

    [Fact]
    public void Counts_and_times_at_their_limits_are_good() => Assert.All(
        (RouteNode[])[
            Root with { FlapCount = 0 }, Root with { FlapCount = 2 }, Root with { FlapCount = 20 }, Root with { OpenAfter = 1 }, Root with { OpenAfter = 1000 },
            Root with { GroupWait = Duration.Zero, ReopenWindow = Duration.Zero, GroupInterval = Duration.Epsilon },
        ],
        node => Assert.Empty(Compile(node).Errors));

    [Fact]
    public void A_bad_time_is_called_negative_or_zero()
    {
        Assert.Equal("route.group_wait: group_wait cannot be negative", Assert.Single(Compile(Root with { GroupWait = -Duration.Epsilon }).Errors).ToString());
        Assert.Equal("route.group_interval: group_interval cannot be zero", Assert.Single(Compile(Root with { GroupInterval = Duration.Zero }).Errors).ToString());
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(150, false)]
    public void Nesting_is_limited(int levels, bool valid)
    {
        var node = new RouteNode();
        for (var i = 0; i < levels; i++)
            node = new RouteNode { Routes = [node] };
        Assert.Equal(valid ? [] : [RouteProblem.TooDeep], Compile(node with { Receiver = "r" }).Errors.Select(e => e.Problem));
    }

    [Fact]
    public void A_route_is_muted_by_either_kind_of_interval_and_else_never()
    {
        var node = Root with { Routes = [new() { MuteTimeIntervals = ["nights"] }, new() { ActiveTimeIntervals = ["nights"] }, new()] };
        Assert.Equal([false, true, true, false], Compile(node).Tree!.All.Select(r => r.Mutes is not null));
    }

    [Fact]
    public void Only_fallback_mode_warns_and_says_where()
    {
        var node = Child(new() { Matchers = ["a=1", "b=!x"] });
        var warning = Assert.Single(Compile(node).Warnings);
        Assert.StartsWith("route.routes[0].matchers[1]: only the classic grammar reads this", warning.ToString(), StringComparison.Ordinal);
        Assert.Empty(RouteTree.Compile(node, new RouteTreeOptions { Mode = MatcherMode.Classic }).Warnings);
        Assert.Empty(RouteTree.Compile(node, new RouteTreeOptions { Mode = MatcherMode.Utf8Strict }).Warnings);
    }

    [Fact]
    public void Classic_mode_takes_classic_names_only()
    {
        var node = Root with { GroupBy = ["a.b"] };
        Assert.Empty(RouteTree.Compile(node).Errors);
        var classic = RouteTree.Compile(node, new RouteTreeOptions { Mode = MatcherMode.Classic });
        Assert.Equal(RouteProblem.InvalidLabelName, Assert.Single(classic.Errors).Problem);
    }
}
