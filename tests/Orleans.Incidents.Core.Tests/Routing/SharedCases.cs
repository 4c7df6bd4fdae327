using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Incidents.Alerts;
using Incidents.Testing;

namespace Incidents.Routing;

/// <summary>Peers' cases, one theory row a case. Without the folder there is one row, and it is skipped.</summary>
internal static class SharedCases
{
    private static readonly ConcurrentDictionary<string, Dictionary<string, JsonNode>> Files = new();

    /// <summary>The ids of a file's cases of these kinds; all kinds when none is named.</summary>
    public static TheoryData<string> Ids(string file, params string[] kinds)
    {
        if (!SharedFolder.Present)
            return ["absent"];
        return [.. All(file).Values.Where(c => kinds.Length == 0 || kinds.Contains((string)c["kind"]!)).Select(c => (string)c["id"]!)];
    }

    /// <summary>The kinds of case that a file holds, in ordinal order.</summary>
    public static IEnumerable<string> Kinds(string file) =>
        All(file).Values.Select(c => (string)c["kind"]!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public static JsonNode Get(string file, string id) => All(file)[id];

    public static LabelSet Labels(JsonNode? labels) =>
        LabelSet.Of(labels!.AsObject().Select(p => KeyValuePair.Create(p.Key, (string)p.Value!)));

    private static Dictionary<string, JsonNode> All(string file) => Files.GetOrAdd(
        SharedFolder.Path("cases", file),
        path => JsonNode.Parse(File.ReadAllText(path))!["cases"]!.AsArray().ToDictionary(c => (string)c!["id"]!, c => c!));
}
