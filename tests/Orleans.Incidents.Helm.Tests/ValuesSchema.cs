using System.Text.Json;
using System.Text.Json.Nodes;
using Incidents.Helm.Tests.Rendering;
using Json.Schema;

namespace Incidents.Helm.Tests;

/// <summary>values.schema.json, as Helm uses it.</summary>
internal static class ValuesSchema
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(Chart.Read("values.schema.json"));
    private static readonly EvaluationOptions Listed = new() { OutputFormat = OutputFormat.List };

    /// <summary>What is wrong with values; empty: nothing.</summary>
    public static IReadOnlyList<string> Problems(JsonNode values)
    {
        using var document = JsonDocument.Parse(values.ToJsonString());
        var found = Schema.Evaluate(document.RootElement, Listed);
        return found.IsValid ? [] : [.. (found.Details ?? []).Where(d => d.Errors is not null).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}")];
    }

    /// <summary>Every value that has no values of its own within, by its dotted path, with its part of the schema.</summary>
    public static IEnumerable<(string Path, JsonNode Schema)> Leaves(JsonNode? schema = null, string below = "") =>
        (schema ?? Chart.Schema)["properties"]!.AsObject()
            .Where(p => below.Length > 0 || p.Key != "global")
            .SelectMany(p => p.Value!["properties"] is null ? [(below + p.Key, p.Value!)] : Leaves(p.Value, $"{below}{p.Key}."));
}
