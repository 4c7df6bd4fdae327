using FsCheck;
using FsCheck.Fluent;
using Incidents.Alerts;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Routing;

public sealed class RouteTreeTest
{
    private static RouteTree Compile(string yaml) => RouteTree.Compile(YamlRoutes.Read(yaml)).Tree!;

    [Fact]
    public void Options_are_inherited_until_a_child_writes_its_own()
    {
        var tree = Compile("""
            receiver: root
            group_by: [job, alertname]
            labels: {team: a, tier: "1"}
            routes:
            - matchers: [a=1]
              group_by: ['...']
              labels: {team: ""}
              routes:
              - matchers: [b=1]
              - matchers: [b=2]
                group_by: []
                group_wait: 1m
                receiver: deep
            """);
        var (root, all, inherits, own) = (tree.All[0].Options, tree.All[1].Options, tree.All[2].Options, tree.All[3].Options);
        Assert.Equal(["alertname", "job"], root.GroupBy);
        Assert.Equal(Duration.Zero, root.GroupWait);
        Assert.True(all.GroupByAll);
        Assert.Equal(LabelSet.Of("tier", "1"), all.Labels);
        Assert.True(inherits.GroupByAll);
        Assert.Equal("root", inherits.Receiver);
        Assert.False(own.GroupByAll);
        Assert.Empty(own.GroupBy);
        Assert.Equal(("deep", Duration.FromMinutes(1)), (own.Receiver, own.GroupWait));
    }

    [Fact]
    public void Our_own_options_are_inherited_and_overwritten_one_by_one()
    {
        var parent = new RouteNode { FlapCount = 3, OpenAfter = 5, ReopenWindow = Duration.FromMinutes(1), Routes = [new(), new() { ReopenWindow = Duration.Zero, FlapWindow = Duration.FromMinutes(2), OpenWithin = Duration.FromMinutes(3), OpenAtOnceFrom = Severity.Error }] };
        var tree = RouteTree.Compile(new RouteNode { Receiver = "r", Routes = [parent] }).Tree!;
        Assert.Equal(
            [
                (RouteDefaults.Ours.ReopenWindow, RouteDefaults.Ours.Flap, RouteDefaults.Ours.Threshold),
                (Duration.FromMinutes(1), new FlapRule(3, Duration.FromMinutes(15)), new OpeningThreshold(5, Duration.FromMinutes(10), Severity.Critical)),
                (Duration.FromMinutes(1), new FlapRule(3, Duration.FromMinutes(15)), new OpeningThreshold(5, Duration.FromMinutes(10), Severity.Critical)),
                (Duration.Zero, new FlapRule(3, Duration.FromMinutes(2)), new OpeningThreshold(5, Duration.FromMinutes(3), Severity.Error)),
            ],
            tree.All.Select(r => (r.Options.ReopenWindow, r.Options.Flap, r.Options.Threshold)));
    }

    [Fact]
    public void Time_intervals_are_not_inherited()
    {
        var child = new RouteNode { MuteTimeIntervals = ["nights"], Routes = [new RouteNode()] };
        var tree = RouteTree.Compile(new RouteNode { Receiver = "r", Routes = [child] }).Tree!;
        Assert.Equal(["nights"], tree.All[1].Options.MuteTimeIntervals);
        Assert.Empty(tree.All[2].Options.MuteTimeIntervals);
    }

    [Fact]
    public void Group_labels_are_those_the_alert_has()
    {
        var tree = Compile("{receiver: r, group_by: [cluster, job], routes: [{matchers: [all=1], group_by: ['...']}]}");
        var alert = LabelSet.Of("job", "api", "instance", "1");
        Assert.Equal(LabelSet.Of("job", "api"), tree.Root.GroupLabels(alert));
        Assert.Equal(alert, tree.All[1].GroupLabels(alert));
    }

    [Fact]
    public void Match_of_one_route_allocates_nothing()
    {
        var tree = Compile("{receiver: r, routes: [{matchers: ['team=~\"db|web\"']}, {matchers: ['host=~\"[a-z]+-[0-9]+\"'], receiver: hosts}]}");
        var alert = LabelSet.Of("host", "db-17", "team", "ops");
        Assert.Equal("hosts", Assert.Single(tree.Match(alert)).Options.Receiver);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            tree.Match(alert);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // Eight of ten ask for a value of one label, so that siblings are looked up by it.
    [Theory]
    [InlineData("1", "1 any some")]
    [InlineData("7", "7 any")]
    [InlineData("9", "any")]
    [InlineData("", "any")]
    public void Of_many_siblings_those_that_match_are_found_in_order(string value, string receivers)
    {
        RouteNode[] routes =
        [
            .. Enumerable.Range(0, 8).Select(i => new RouteNode { Receiver = $"{i}", Matchers = [$"s={i}"], Continue = true }),
            new() { Receiver = "any", Matchers = ["t=1"], Continue = true }, new() { Receiver = "some", Matchers = ["s=~\"1|2\""], Continue = true },
        ];
        var tree = RouteTree.Compile(new RouteNode { Receiver = "root", Routes = [.. routes] }).Tree!;
        Assert.Equal(receivers, string.Join(' ', tree.Match(LabelSet.Of("s", value, "t", "1")).Select(r => r.Options.Receiver)));
    }

    [Fact]
    public void Match_and_explain_agree_on_any_tree()
    {
        // Wide enough that siblings are indexed; explaining never uses the index.
        var matcher = Gen.Elements("s=\"1\"", "s=\"2\"", "s=\"3\"", "s=\"\"", "s!=\"1\"", "s=~\"1|2\"", "t=\"1\"", "t=~\".+\"");
        var leaf = Gen.Zip(matcher.ListOf(), Gen.Elements(true, false)).Select(p => new RouteNode { Matchers = [.. p.Item1.Take(2)], Continue = p.Item2 });
        var middle = Gen.Zip(leaf, leaf.ListOf(9)).Select(p => p.Item1 with { Routes = [.. p.Item2] });
        var trees = middle.ListOf(8).Select(routes => RouteTree.Compile(new RouteNode { Receiver = "r", Routes = [.. routes] }).Tree!);
        var label = Gen.Elements("", "1", "2", "3", "4");
        var alerts = Gen.Zip(label, label).Select(p => LabelSet.Of("s", p.Item1, "t", p.Item2));
        Prop.ForAll(trees.ToArbitrary(), alerts.ListOf(20).ToArbitrary(), (tree, all) =>
            all.All(alert => tree.Match(alert).SequenceEqual(tree.Explain(alert).Routes))).Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public void Explanation_names_the_matcher_that_failed_and_the_value_it_saw()
    {
        var tree = Compile("""
            receiver: root
            routes:
            - matchers: [env=dev]
              receiver: dev
            - matchers: ['team=~"db|web"', env=prod]
              receiver: prod
              routes:
              - matchers: [tier=1]
                receiver: gold
            - matchers: [x=never-tried]
            """);
        var explanation = tree.Explain(LabelSet.Of("env", "prod", "team", "db"));
        Assert.Equal(
            """
            {} matches, and so does a route below
              {env="dev"} does not match: env="dev" fails for "prod"
              {env="prod",team=~"db|web"} matches: receiver prod
                {tier="1"} does not match: tier="1" fails for ""
              {x="never-tried"} not tried: a route before it took the alert

            """,
            explanation.ToString());
    }

    [Fact]
    public void Matchers_are_in_order_of_name_value_and_operator_however_they_are_written() =>
        Assert.Equal("{}/{a!=\"1\",a=\"2\",a!=\"2\",b=\"1\"}", Compile("{receiver: r, routes: [{matchers: [b=1, a!=2, a=2, a!=1]}]}").All[1].Key);

    [Fact]
    public void Ids_are_unique_where_keys_are_not()
    {
        var tree = Compile("{receiver: r, routes: [{matchers: [a=1], continue: true}, {matchers: [a=1]}]}");
        Assert.Equal(2, tree.All.Select(r => r.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(["{}", "{}/{a=\"1\"}/0", "{}/{a=\"1\"}/1"], tree.All.Select(r => r.Id));
    }
}
