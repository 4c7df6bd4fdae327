using Incidents.Alerts;
using Incidents.Routing;
using NodaTime;

namespace Incidents.Server.Tests.Configuration;

public sealed class RouteTests
{
    private const string Deep = """
        policies:
          sre: {steps: [{targets: [a]}]}
        responders:
          a:
        route:
          receiver: sre
          group_by: [alertname]
          routes:
            - receiver: sre
            - match:
                team: x
              routes:
                - matchers:
                    - a = b
                    - c = d
                    - e ~ f
        """;

    [Fact]
    public void Every_field_of_alertmanagers_block_arrives()
    {
        var route = ConfigText.Catalogue(Deep + """

              receiver: sre
              group_by: ['...']
              group_wait: 1m30s
              group_interval: 6m
              repeat_interval: 1d
              reopen_window: 2h
              flap_count: 7
              flap_window: 20m
              open_after: 5
              open_within: 3m
              open_at_once_from: error
              match_re: {host: "db.*"}
              matchers: ["x=y", "z!=w"]
              continue: true
              mute_time_intervals: [nights]
              active_time_intervals: [days]
              labels: {tier: 1}
        time_intervals: [{name: nights}]
        mute_time_intervals: [{name: days}]
        """).Route!.Routes[1];
        Assert.Equal(("sre", "...", Duration.FromSeconds(90), Duration.FromMinutes(6)), (route.Receiver, route.GroupBy!.Value.Single(), route.GroupWait!.Value, route.GroupInterval!.Value));
        Assert.Equal((Duration.FromDays(1), Duration.FromHours(2), true), (route.RepeatInterval!.Value, route.ReopenWindow!.Value, route.Continue));
        Assert.Equal((7, Duration.FromMinutes(20)), (route.FlapCount!.Value, route.FlapWindow!.Value));
        Assert.Equal((5, Duration.FromMinutes(3), Severity.Error), (route.OpenAfter!.Value, route.OpenWithin!.Value, route.OpenAtOnceFrom!.Value));
        Assert.Equal(("x", "db.*", "1"), (route.Match["team"], route.MatchRe["host"], route.Labels["tier"]));
        Assert.Equal(["x=y", "z!=w", "nights", "days"], [.. route.Matchers, .. route.MuteTimeIntervals, .. route.ActiveTimeIntervals]);
        Assert.Equal(3, route.Routes.Single().Matchers.Length);
    }

    [Fact]
    public void What_a_route_leaves_out_stays_null()
    {
        var route = ConfigText.Catalogue(Deep).Route!.Routes[0];
        Assert.Null(route.GroupBy);
        Assert.Null(route.GroupWait);
        Assert.Null(route.GroupInterval);
        Assert.Null(route.RepeatInterval);
        Assert.Null(route.ReopenWindow);
        Assert.Null(route.FlapCount);
        Assert.Null(route.OpenAfter);
        Assert.Null(route.OpenWithin);
        Assert.Null(route.OpenAtOnceFrom);
        Assert.Null(route.FlapWindow);
        Assert.False(route.Continue);
    }

    [Theory]
    [InlineData("routes[1].routes[0].matchers[2]", "incidents.yaml:16:15: route.routes[1].routes[0].matchers[2]: wrong")]
    [InlineData("routes[1].match.team", "incidents.yaml:11:15: route.routes[1].match.team: wrong")]
    [InlineData("routes[0]", "incidents.yaml:9:7: route.routes[0]: wrong")]
    [InlineData("routes[0].continue", "incidents.yaml:9:7: route.routes[0].continue: wrong")]
    [InlineData("routes[7].receiver", "incidents.yaml:9:5: route.routes[7].receiver: wrong")]
    [InlineData("group_by[0]", "incidents.yaml:7:14: route.group_by[0]: wrong")]
    [InlineData("", "incidents.yaml:5:1: route: wrong")]
    public void What_the_compiler_says_is_laid_onto_line_and_column(string path, string expected) =>
        Assert.Equal([expected], ConfigText.Errors(Deep, _ => [(path, "wrong")]));

    [Fact]
    public void The_compiler_sees_the_tree_and_all_its_errors_count()
    {
        RouteNode? seen = null;
        var errors = ConfigText.Errors(Deep, node =>
        {
            seen = node;
            return [("routes[1]", "second"), ("group_by", "first")];
        });
        Assert.Equal(["incidents.yaml:7:13: route.group_by: first", "incidents.yaml:10:7: route.routes[1]: second"], errors);
        Assert.Equal("e ~ f", seen!.Routes[1].Routes[0].Matchers[2]);
    }

    [Fact]
    public void A_warning_is_laid_onto_line_and_column_and_refuses_nothing()
    {
        var result = ConfigText.Load(Deep, ConfigText.Context with { WarnOfRoute = _ => [("routes[1].routes[0].matchers[2]", "odd")] });
        Assert.True(result.Succeeded);
        Assert.Equal(["incidents.yaml:16:15: route.routes[1].routes[0].matchers[2]: odd"], result.Warnings.Select(w => w.ToString()));
    }

    [Fact]
    public void The_compiler_does_not_repeat_what_is_reported_already() => Assert.Equal(
        ["incidents.yaml:5:1: route.receiver: is required: the root takes what no other route does"],
        ConfigText.Errors(Deep.Replace("  receiver: sre\n  group_by", "  group_by", StringComparison.Ordinal), _ => [("", "no receiver")]));

    [Theory]
    [InlineData("route:", "incidents.yaml:1:1: route.receiver: is required: the root takes what no other route does")]
    [InlineData("route: {}", "incidents.yaml:1:1: route.receiver: is required: the root takes what no other route does")]
    [InlineData("route: [x]", "incidents.yaml:1:8: route: expected a mapping, found a list")]
    public void A_route_that_says_nothing_is_one_error(string yaml, string expected) =>
        Assert.Equal([expected], ConfigText.Errors(yaml, _ => [("", "no receiver")]));

    [Theory]
    [InlineData("receiver: sre\n  group_by", "receiver: sro\n  group_by", "incidents.yaml:6:13: route.receiver: no service or policy is called \"sro\" (services: none; policies: sre)")]
    [InlineData("alertname]", "]", null)]
    [InlineData("[alertname]", "alertname", "incidents.yaml:7:13: route.group_by: expected a list, found text")]
    [InlineData("[alertname]", "[[x]]", "incidents.yaml:7:14: route.group_by[0]: expected text, found a list")]
    [InlineData("team: x", "team: [x]", "incidents.yaml:11:15: route.routes[1].match.team: expected text, found a list")]
    [InlineData("    - receiver: sre", "    - receiver: sre\n      continue: \"true\"", "incidents.yaml:10:17: route.routes[0].continue: expected true or false, found \"true\"")]
    [InlineData("    - receiver: sre", "    - reciever: sre", "incidents.yaml:9:7: route.routes[0]: unknown key \"reciever\"; did you mean \"receiver\"?")]
    [InlineData("    - receiver: sre", "    - sre", "incidents.yaml:9:7: route.routes[0]: expected a mapping, found text")]
    [InlineData("    - receiver: sre", "    - group_wait: 1m1h", "incidents.yaml:9:19: route.routes[0].group_wait: expected a duration such as 5m or 1h30m, found \"1m1h\"")]
    public void A_wrong_field_is_reported_where_it_stands(string piece, string by, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], ConfigText.Errors(Deep.Replace(piece, by, StringComparison.Ordinal)));

    [Fact]
    public void A_receiver_may_not_be_a_service_and_a_policy_at_once() => Assert.Equal(
        ["incidents.yaml:1:52: route.receiver: \"sre\" is a service and a policy; rename one of them"],
        ConfigText.Errors("{services: {sre: {policy: sre}}, route: {receiver: sre}, responders: {a: }, policies: {sre: {steps: [{targets: [a]}]}}}"));
}
