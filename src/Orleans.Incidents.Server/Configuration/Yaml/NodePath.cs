namespace Incidents.Server.Configuration.Yaml;

/// <summary>Finds the place of a path such as <c>routes[1].matchers[2]</c>.</summary>
internal static class NodePath
{
    /// <summary>Where the path leads to, as far as it can be followed.</summary>
    public static Position Find(Value from, string path)
    {
        var (node, at) = (from.Node, from.KeyAt);
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = step.StartsWith('[') ? Item(node, step.Trim('[', ']')) : (node as MapNode)?.Entries.FirstOrDefault(e => e.Key == step)?.Value;
            if (next is null)
                break;
            (node, at) = (next, next.At);
        }

        return at;
    }

    private static Node? Item(Node node, string index) =>
        node is ListNode list && int.TryParse(index, out var i) && i >= 0 && i < list.Items.Length ? list.Items[i] : null;
}
