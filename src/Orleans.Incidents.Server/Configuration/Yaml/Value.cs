using System.Collections.Immutable;

namespace Incidents.Server.Configuration.Yaml;

/// <summary>A value with its key's path. Each reading method reports what does not fit and then answers with nothing.</summary>
/// <param name="Node">The value.</param>
/// <param name="Path">Such as <c>policies.default.steps[0].timeout</c>; empty for the file's root.</param>
/// <param name="KeyAt">Where its key, or its list item, begins: the place of what is missing inside.</param>
/// <param name="Errors">Takes what is wrong.</param>
internal sealed record Value(Node Node, string Path, Position KeyAt, ErrorList Errors)
{
    /// <summary>Longer keys are refused unread: they are repeated in paths and compared for suggestions.</summary>
    private const int MaxKeyLength = 200;

    public bool IsNull => Node is ScalarNode { IsNull: true };

    public void Error(string message) => Errors.Add(Node.At, Path, message);

    /// <summary>Its text as written; <see langword="null"/> after an error. Empty text is an error unless allowed.</summary>
    public string? Text(bool mayBeEmpty = false)
    {
        if (Node is not ScalarNode scalar)
            Error($"expected text, found {Node.Kind}");
        else if (scalar.IsNull || (scalar.Text.Length == 0 && !mayBeEmpty))
            Error("is empty");
        else
            return scalar.Text;
        return null;
    }

    /// <summary>A plain <c>true</c> or <c>false</c>.</summary>
    public bool? Flag()
    {
        switch (Node)
        {
            case ScalarNode { Plain: true, Text: "true" or "True" or "TRUE" }:
                return true;
            case ScalarNode { Plain: true, Text: "false" or "False" or "FALSE" }:
                return false;
            default:
                Error($"expected true or false, found {(Node is ScalarNode { IsNull: false } s ? ErrorList.Quote(s.Text) : Node.Kind)}");
                return null;
        }
    }

    /// <summary>The items of a list; none where the value is empty.</summary>
    public ImmutableArray<Value> Items()
    {
        if (Node is ListNode list)
            return [.. list.Items.Select((n, i) => new Value(n, $"{Path}[{i}]", n.At, Errors))];
        if (!IsNull)
            Error($"expected a list, found {Node.Kind}");
        return [];
    }

    /// <summary>The entries of a mapping by name, repeated keys reported and left out; none where the value is empty.</summary>
    public ImmutableArray<(string Name, Value Value)> Entries()
    {
        if (Node is MapNode map)
            return [.. map.Entries.Where(IsFirst(map)).Select(e => (e.Key, Child(e)))];
        if (!IsNull)
            Error($"expected a mapping, found {Node.Kind}");
        return [];
    }

    /// <summary>The entries of a mapping whose keys are fixed.</summary>
    public Fields Fields(Shape shape) => new(this, shape, Entries());

    private Value Child(Entry entry) => new(entry.Value, Path.Length == 0 ? entry.Key : $"{Path}.{entry.Key}", entry.At, Errors);

    private Func<Entry, bool> IsFirst(MapNode map)
    {
        var seen = new Dictionary<string, Position>(map.Entries.Length);
        return entry =>
        {
            if (entry.Key.Length > MaxKeyLength)
                Errors.Add(entry.At, Path, $"a key is longer than {MaxKeyLength} characters");
            else if (seen.TryAdd(entry.Key, entry.At))
                return true;
            else
                Errors.Add(entry.At, Path, $"duplicate key {ErrorList.Quote(entry.Key)} (first on line {seen[entry.Key].Line})");
            return false;
        };
    }
}
