using System.Collections.Immutable;
using Incidents.Grouping;
using Incidents.Routing;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads <c>route</c> and lays the errors of its compilation back onto lines and columns.</summary>
/// <param name="shape">The keys that a route may have.</param>
/// <param name="checkReceiver">Reports a receiver that there is not.</param>
/// <param name="checkInterval">Reports a time interval that there is not.</param>
internal sealed class RouteReader(Shape shape, Action<Value> checkReceiver, Action<Value> checkInterval)
{
    /// <summary>The tree below a root; <paramref name="compile"/> says what is wrong with it beyond its shape.</summary>
    public RouteNode Read(Value root, Func<RouteNode, IReadOnlyList<(string Path, string Message)>> compile)
    {
        var node = ReadNode(root);
        if (root.Node is not MapNode && !root.IsNull)
            return node;
        if (node.Receiver is null)
            root.Errors.Add(root.KeyAt, $"{root.Path}.receiver", "is required: the root takes what no other route does");
        foreach (var (path, message) in compile(node))
            Report(root, path, message);
        return node;
    }

    private RouteNode ReadNode(Value value)
    {
        var fields = value.Fields(shape);
        return new RouteNode
        {
            Receiver = Receiver(fields["receiver"]),
            GroupBy = fields["group_by"]?.TextList(),
            GroupWait = fields["group_wait"]?.Duration(),
            GroupInterval = fields["group_interval"]?.Duration(),
            RepeatInterval = fields["repeat_interval"]?.Duration(),
            ReopenWindow = fields["reopen_window"]?.Duration(),
            FlapCount = fields["flap_count"]?.Number(0, FlapRule.MaxCount),
            FlapWindow = fields["flap_window"]?.Duration(),
            OpenAfter = fields["open_after"]?.Number(1, OpeningThreshold.MaxAfter),
            OpenWithin = fields["open_within"]?.Duration(),
            OpenAtOnceFrom = fields["open_at_once_from"]?.Severity(),
            Match = Labels(fields["match"]),
            MatchRe = Labels(fields["match_re"]),
            Matchers = fields["matchers"]?.TextList() ?? [],
            Continue = fields["continue"]?.Flag() ?? false,
            MuteTimeIntervals = Intervals(fields["mute_time_intervals"]),
            ActiveTimeIntervals = Intervals(fields["active_time_intervals"]),
            Labels = Labels(fields["labels"]),
            Routes = [.. (fields["routes"]?.Items() ?? []).Select(ReadNode)],
        };
    }

    private static ImmutableSortedDictionary<string, string> Labels(Value? value) =>
        value?.Labels() ?? ImmutableSortedDictionary<string, string>.Empty;

    private ImmutableArray<string> Intervals(Value? value)
    {
        var names = value?.Items() ?? [];
        foreach (var name in names)
            checkInterval(name);
        return [.. names.Select(n => n.Node is ScalarNode { IsNull: false } named ? named.Text : "")];
    }

    private string? Receiver(Value? value)
    {
        if (value is null)
            return null;
        checkReceiver(value);
        return value.Node is ScalarNode { IsNull: false } named ? named.Text : null;
    }

    /// <summary>Lays warnings of a compilation onto lines and columns.</summary>
    public static void Warn(Value root, IEnumerable<(string Path, string Message)> found, ErrorList warnings)
    {
        foreach (var (path, message) in found)
            warnings.Add(NodePath.Find(root, path), $"{root.Path}.{path}", message);
    }

    private static void Report(Value root, string path, string message)
    {
        var at = path.Length == 0 ? root.KeyAt : NodePath.Find(root, path);
        // What could not be read is missing from the tree, and the compiler may stumble over that once more.
        if (!root.Errors.HasErrorAt(at))
            root.Errors.Add(at, path.Length == 0 ? root.Path : $"{root.Path}.{path}", message);
    }
}
