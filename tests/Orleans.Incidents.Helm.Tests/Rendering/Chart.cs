using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Incidents.Helm.Tests.Rendering;

/// <summary>The chart as it lies in the checkout.</summary>
internal static class Chart
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    public static string Folder { get; } = Path.Combine(Root, "helm", "orleans-incidents");

    /// <summary>Chart.yaml.</summary>
    public static JsonNode About { get; } = Yaml.One(Read("Chart.yaml"));

    /// <summary>values.yaml.</summary>
    public static JsonNode Values { get; } = Yaml.One(Read("values.yaml"));

    /// <summary>values.schema.json.</summary>
    public static JsonNode Schema { get; } = JsonNode.Parse(Read("values.schema.json"))!;

    /// <summary>A file of the chart.</summary>
    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
