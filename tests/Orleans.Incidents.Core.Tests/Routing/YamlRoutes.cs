using System.Collections.Immutable;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Incidents.Routing;

/// <summary>Reads Alertmanager's route block for tests; no more of YAML than that.</summary>
internal static class YamlRoutes
{
    /// <summary>Reads a bare route, or the <c>route</c> of a whole configuration.</summary>
    public static RouteNode Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        return Route(root.Children.TryGetValue("route", out var route) ? (YamlMappingNode)route : root);
    }

    private static RouteNode Route(YamlMappingNode node) => new()
    {
        Receiver = Scalar(node, "receiver"),
        GroupBy = node.Children.ContainsKey("group_by") ? Texts(node, "group_by") : null,
        GroupWait = Time(node, "group_wait"),
        GroupInterval = Time(node, "group_interval"),
        RepeatInterval = Time(node, "repeat_interval"),
        Match = Map(node, "match"),
        MatchRe = Map(node, "match_re"),
        Matchers = Texts(node, "matchers"),
        Continue = Scalar(node, "continue") == "true",
        Labels = Map(node, "labels"),
        Routes = [.. Items(node, "routes").Cast<YamlMappingNode>().Select(Route)],
    };

    private static string? Scalar(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(name, out var value) ? ((YamlScalarNode)value).Value : null;

    private static Duration? Time(YamlMappingNode node, string name) =>
        Scalar(node, name) is { } text ? DurationText.Parse(text).Value : null;

    private static IEnumerable<YamlNode> Items(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(name, out var value) ? ((YamlSequenceNode)value).Children : [];

    private static ImmutableArray<string> Texts(YamlMappingNode node, string name) =>
        [.. Items(node, name).Select(item => ((YamlScalarNode)item).Value!)];

    private static ImmutableSortedDictionary<string, string> Map(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(name, out var value)
            ? ((YamlMappingNode)value).ToImmutableSortedDictionary(p => ((YamlScalarNode)p.Key).Value!, p => ((YamlScalarNode)p.Value).Value!)
            : ImmutableSortedDictionary<string, string>.Empty;
}
