using System.Text.Json.Nodes;
using Incidents.Helm.Tests.Rendering;

namespace Incidents.Helm.Tests;

/// <summary>values.yaml, values.schema.json and the table in README.md say the same.</summary>
public class ValuesTests
{
    public static TheoryData<string, string> Bad => new()
    {
        { "mode: single", "/mode" },
        { "modus: cluster", "" },
        { "cluster: {replicas: 0}", "/cluster/replicas" },
        { "cluster: {replicas: \"3\"}", "/cluster/replicas" },
        { "cluster: {siloPort: 70000}", "/cluster/siloPort" },
        { "postgres: {password: secret}", "/postgres" },
        { "postgres: {existingSecret: Not_A_Name}", "/postgres/existingSecret" },
        { "adminToken: {value: secret}", "/adminToken" },
        { "server: {metrics: off}", "/server/metrics" },
        { "server: {logLevel: loud}", "/server/logLevel" },
        { "server: {maxBodyBytes: 10}", "/server/maxBodyBytes" },
        { "server: {otlpEndpoint: \"collector:4318\"}", "/server/otlpEndpoint" },
        { "server: {traceRatio: 2}", "/server/traceRatio" },
        { "secretFiles: [with.point]", "/secretFiles/0" },
        { "secretEnv: [a, a]", "/secretEnv" },
        { "image: {digest: latest}", "/image/digest" },
        { "image: {repository: \"\"}", "/image/repository" },
        { "data: {sizeLimit: 2GB}", "/data/sizeLimit" },
        { "shutdown: {drainSeconds: 0}", "/shutdown/drainSeconds" },
        { "terminationGracePeriodSeconds: 15", "/terminationGracePeriodSeconds" },
        { "securityContext: {runAsUser: 0}", "/securityContext/runAsUser" },
        { "podDisruptionBudget: {maxUnavailable: 0}", "/podDisruptionBudget/maxUnavailable" },
        { "autoscaling: {alertsPerSecondPerPod: 0.5}", "/autoscaling/alertsPerSecondPerPod" },
        { "networkPolicy: {egress: {deliveries: {ports: [https]}}}", "/networkPolicy/egress/deliveries/ports/0" },
        { "networkPolicy: {ingres: {}}", "/networkPolicy" },
        { "serviceMonitor: {interval: 15}", "/serviceMonitor/interval" },
        { "podLabels: {a: 1}", "/podLabels/a" },
    };

    [Fact]
    public void The_defaults_are_allowed() => Assert.Empty(ValuesSchema.Problems(Chart.Values));

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_wrong_is_refused_where_it_stands(string values, string at) =>
        Assert.Contains(ValuesSchema.Problems(Yaml.One(values)), p => p.StartsWith(at, StringComparison.Ordinal));

    [Fact]
    public void Every_section_is_closed_and_every_value_says_what_it_means()
    {
        Closed(Chart.Schema, "");
        Assert.All(ValuesSchema.Leaves(), leaf => Assert.EndsWith(".", leaf.Schema.Text("description"), StringComparison.Ordinal));

        static void Closed(JsonNode section, string path)
        {
            Assert.True(section["additionalProperties"]?.GetValue<bool>() == false, $"{path} lets anything in");
            foreach (var (name, inner) in section["properties"]!.AsObject().Where(p => p.Value!["properties"] is not null))
                Closed(inner!, $"{path}.{name}");
        }
    }

    [Fact]
    public void Every_value_of_the_schema_has_a_default() =>
        Assert.All(ValuesSchema.Leaves(), leaf => Assert.True(Exists(leaf.Path), $"{leaf.Path} is not in values.yaml"));

    [Fact]
    public void The_readmes_table_has_every_value_with_its_default_and_meaning()
    {
        var expected = ValuesSchema.Leaves().Select(l => $"| `{l.Path}` | `{Written(Chart.Values.At(l.Path))}` | {l.Schema.Text("description")} |");
        var rows = Chart.Read("README.md").Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(string.Join('\n', expected), string.Join('\n', rows));
    }

    [Fact]
    public void The_readme_says_how_the_templates_are_tested_without_helm()
    {
        Assert.Contains("text/template", Chart.Read("README.md"), StringComparison.Ordinal);
        Assert.Contains("sprig", Chart.Read("README.md"), StringComparison.Ordinal);
    }

    private static bool Exists(string path) =>
        (path.Contains('.', StringComparison.Ordinal) ? Chart.Values.At(path[..path.LastIndexOf('.')]) : Chart.Values)!.AsObject().ContainsKey(path[(path.LastIndexOf('.') + 1)..]);

    private static string Written(JsonNode? value) => value switch
    {
        JsonArray list => $"[{string.Join(", ", list.Select(Written))}]",
        JsonObject map => $"{{{string.Join(", ", map.Select(p => $"\"{p.Key}\": {Written(p.Value)}"))}}}",
        null => "null",
        _ => value.ToJsonString(),
    };
}
