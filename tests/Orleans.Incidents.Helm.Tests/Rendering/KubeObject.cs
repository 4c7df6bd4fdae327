using System.Text.Json.Nodes;

namespace Incidents.Helm.Tests.Rendering;

/// <summary>One object that the chart makes.</summary>
internal sealed record KubeObject(JsonNode Json)
{
    public string Kind => Text("kind");

    public string ApiVersion => Text("apiVersion");

    public string Name => Text("metadata.name");

    /// <summary>What stands at a dotted path, where a number counts in a list; <see langword="null"/>: nothing.</summary>
    public JsonNode? this[string path] => Json.At(path);

    /// <summary>The text at a path; fails where there is none.</summary>
    public string Text(string path) => Json.Text(path);

    /// <summary>The whole number at a path; fails where there is none.</summary>
    public long Number(string path) => Json.Number(path);

    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>Finding one's way in what was rendered.</summary>
internal static class Navigation
{
    /// <summary>What stands at a dotted path, where a number counts in a list; <see langword="null"/>: nothing.</summary>
    public static JsonNode? At(this JsonNode? node, string path) =>
        path.Split('.').Aggregate(node, (at, step) => at switch
        {
            JsonObject map => map[step],
            JsonArray list when int.TryParse(step, out var index) && index < list.Count => list[index],
            _ => null,
        });

    public static string Text(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new InvalidOperationException($"no text at {path}: {node.At(path)?.ToJsonString()}");

    public static long Number(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value && value.TryGetValue<long>(out var number) ? number : throw new InvalidOperationException($"no number at {path}: {node.At(path)?.ToJsonString()}");

    /// <summary>The list at a path; empty where there is none.</summary>
    public static IReadOnlyList<JsonNode> List(this JsonNode? node, string path) => node.At(path) is JsonArray list ? [.. list.OfType<JsonNode>()] : [];

    /// <summary>The one of a list that has a name.</summary>
    public static JsonNode Named(this IReadOnlyList<JsonNode> list, string name) => Assert.Single(list, n => n.Text("name") == name);

    /// <summary>Whether labels have everything that a selector asks for.</summary>
    public static bool Selects(this JsonNode? selector, JsonNode? labels)
    {
        var asked = Assert.IsType<JsonObject>(selector);
        Assert.NotEmpty(asked);
        return asked.All(l => JsonNode.DeepEquals(labels.At2(l.Key), l.Value));
    }

    // Keys of labels have points in them.
    private static JsonNode? At2(this JsonNode? node, string key) => node is JsonObject map ? map[key] : null;
}
