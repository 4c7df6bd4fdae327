using System.Collections.Immutable;
using Incidents.Grouping;
using Incidents.Routing;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads <c>route</c> and lays the errors of its compilation back onto lines and columns.</summary>
internal sealed class RouteReader(Names services, Names policies, Func<RouteNode, IReadOnlyList<(string Path, string Message)>> compile)
{
    public RouteNode Read(Value root)
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
        var fields = value.Fields(Shapes.Route);
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
            MuteTimeIntervals = fields["mute_time_intervals"]?.TextList() ?? [],
            ActiveTimeIntervals = fields["active_time_intervals"]?.TextList() ?? [],
            Labels = Labels(fields["labels"]),
            Routes = [.. (fields["routes"]?.Items() ?? []).Select(ReadNode)],
        };
    }

    private static ImmutableSortedDictionary<string, string> Labels(Value? value) =>
        value?.Labels() ?? ImmutableSortedDictionary<string, string>.Empty;

    private string? Receiver(Value? value)
    {
        if (value?.Text() is not { } id)
            return null;
        var (isService, isPolicy) = (services.Contains(id), policies.Contains(id));
        if (isService && isPolicy)
            value.Error($"{ErrorList.Quote(id)} is a service and a policy; rename one of them");
        else if (!isService && !isPolicy)
            value.Error($"no service or policy is called {ErrorList.Quote(id)} ({services.List()}; {policies.List()})");
        return id;
    }

    private static void Report(Value root, string path, string message)
    {
        var at = path.Length == 0 ? root.KeyAt : NodePath.Find(root, path);
        // What could not be read is missing from the tree, and the compiler may stumble over that once more.
        if (!root.Errors.HasErrorAt(at))
            root.Errors.Add(at, path.Length == 0 ? root.Path : $"{root.Path}.{path}", message);
    }
}
