using System.Text.Json.Nodes;
using Incidents.Alerts;
using Incidents.Routing.Matchers;

namespace Incidents.Routing;

public sealed class RoutingCasesTest
{
    private const string File = "routing.json";

    public static TheoryData<string> Matching => SharedCases.Ids(File, "match", "receivers");

    public static TheoryData<string> RouteLabels => SharedCases.Ids(File, "route_labels");

    public static TheoryData<string> WholeTrees => SharedCases.Ids(File, "walk", "route_ids");

    [Fact]
    public void Every_kind_of_case_is_run_here() =>
        Assert.Equal(["match", "receivers", "route_ids", "route_labels", "walk"], SharedCases.Kinds(File));

    [Theory]
    [MemberData(nameof(Matching))]
    public void Peers_case_takes_the_same_routes_in_every_mode(string id)
    {
        var (tree, labels, _) = Open(id);
        foreach (var mode in new[] { MatcherMode.Classic, MatcherMode.Utf8Strict })
        {
            var (other, _, _) = Open(id, mode);
            Assert.Equal(tree.Match(labels).Select(r => r.Id), other.Match(labels).Select(r => r.Id));
        }
    }

    [Theory]
    [MemberData(nameof(Matching))]
    public void Peers_case_takes_the_routes(string id)
    {
        var (tree, labels, expect) = Open(id);
        var routes = tree.Match(labels);
        if (expect["receivers"] is JsonArray receivers)
            Assert.Equal(receivers.Select(r => (string)r!), routes.Select(r => r.Options.Receiver));
        if (expect["routes"] is JsonArray full)
            Assert.Equal(full.Select(r => Sorted(r!)), routes.Select(r => Sorted(Describe(r))));
        Assert.Equal(routes, tree.Explain(labels).Routes);
    }

    [Theory]
    [MemberData(nameof(RouteLabels))]
    public void Peers_case_has_the_route_labels(string id)
    {
        var (tree, labels, expect) = Open(id);
        var route = Assert.Single(tree.Match(labels));
        Assert.Equal((string)expect["receiver"]!, route.Options.Receiver);
        Assert.Equal(SharedCases.Labels(expect["routeLabels"]), route.Options.Labels);
    }

    [Theory]
    [MemberData(nameof(WholeTrees))]
    public void Peers_case_has_the_tree(string id)
    {
        var (tree, _, expect) = Open(id);
        var known = 0;
        if (expect["receiversDepthFirst"] is JsonArray receivers)
        {
            known++;
            Assert.Equal(receivers.Select(r => (string)r!), tree.All.Select(r => r.Options.Receiver));
        }

        if (expect["idsAnyOrder"] is JsonArray ids)
        {
            known++;
            Assert.Equal(ids.Select(i => (string)i!).Order(StringComparer.Ordinal), tree.All.Select(r => r.Id).Order(StringComparer.Ordinal));
        }

        Assert.True(known > 0, $"nothing compared: {expect.ToJsonString()}");
    }

    private static (RouteTree Tree, LabelSet Labels, JsonNode Expect) Open(string id, MatcherMode mode = MatcherMode.Fallback)
    {
        var @case = SharedCases.Get(File, id);
        var options = new RouteTreeOptions { Defaults = RouteDefaults.Alertmanager, Mode = mode };
        var compiled = RouteTree.Compile(YamlRoutes.Read((string)@case["configYaml"]!), options);
        Assert.Empty(compiled.Errors);
        var labels = @case["labels"] is { } some ? SharedCases.Labels(some) : LabelSet.Empty;
        return (compiled.Tree!, labels, @case["expect"]!);
    }

    private static JsonObject Describe(Route route) => new()
    {
        ["groupBy"] = new JsonArray([.. route.Options.GroupBy.Select(n => JsonValue.Create(n))]),
        ["groupByAll"] = route.Options.GroupByAll,
        ["groupInterval"] = DurationText.FormatGo(route.Options.GroupInterval),
        ["groupWait"] = DurationText.FormatGo(route.Options.GroupWait),
        ["labels"] = new JsonObject(route.Options.Labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        ["receiver"] = route.Options.Receiver,
        ["repeatInterval"] = DurationText.FormatGo(route.Options.RepeatInterval),
        ["key"] = route.Key,
    };

    private static string Sorted(JsonNode node) =>
        new JsonObject(node.AsObject().OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();
}
