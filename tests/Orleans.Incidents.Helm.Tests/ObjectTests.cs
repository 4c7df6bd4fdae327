using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Incidents.Helm.Tests.Rendering;
using k8s;
using k8s.Models;

namespace Incidents.Helm.Tests;

/// <summary>What holds for every object, whichever values there are.</summary>
public partial class ObjectTests
{
    // By kind: the version of the API that the chart is written for, and the model that knows its fields.
    private static readonly Dictionary<string, (string ApiVersion, Type? Model)> Kinds = new(StringComparer.Ordinal)
    {
        ["ConfigMap"] = ("v1", typeof(V1ConfigMap)),
        ["Deployment"] = ("apps/v1", typeof(V1Deployment)),
        ["HorizontalPodAutoscaler"] = ("autoscaling/v2", typeof(V2HorizontalPodAutoscaler)),
        ["Job"] = ("batch/v1", typeof(V1Job)),
        ["NetworkPolicy"] = ("networking.k8s.io/v1", typeof(V1NetworkPolicy)),
        ["PodDisruptionBudget"] = ("policy/v1", typeof(V1PodDisruptionBudget)),
        ["PrometheusRule"] = ("monitoring.coreos.com/v1", null),
        ["Service"] = ("v1", typeof(V1Service)),
        ["ServiceAccount"] = ("v1", typeof(V1ServiceAccount)),
        ["ServiceMonitor"] = ("monitoring.coreos.com/v1", null),
    };

    static ObjectTests() => KubernetesJson.AddJsonOptions(json => json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow);

    public static TheoryData<string> Names => Cases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_object_has_the_fields_of_its_kind_and_no_other(string name)
    {
        foreach (var made in (await Rendered.OfAsync(Cases.All[name])).Objects)
        {
            var (apiVersion, model) = Kinds[made.Kind];
            Assert.Equal(apiVersion, made.ApiVersion);
            if (model is not null)
                Assert.NotNull(Read(model, made.Json));
        }
    }

    [Fact]
    public void A_misspelt_field_would_be_found() =>
        Assert.ThrowsAny<Exception>(() => Read(typeof(V1Service), JsonNode.Parse("""{"kind": "Service", "spec": {"port": []}}""")!));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_object_has_a_name_of_its_own_and_says_whose_it_is(string name)
    {
        var objects = (await Rendered.OfAsync(Cases.All[name])).Objects;
        Assert.Equal(objects.Count, objects.Select(o => o.ToString()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(objects, made =>
        {
            Assert.Matches(DnsName(), made.Name);
            Assert.Null(made["metadata.namespace"]);
            var labels = made["metadata.labels"]!.AsObject();
            Assert.Equal(Rendered.Release, labels["app.kubernetes.io/instance"]!.GetValue<string>());
            foreach (var label in new[] { "helm.sh/chart", "app.kubernetes.io/name", "app.kubernetes.io/version", "app.kubernetes.io/managed-by" })
                Assert.Matches(LabelValue(), labels[label]!.GetValue<string>());
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_selects_pods_selects_those_of_the_server_alone(string name)
    {
        var rendered = await Rendered.OfAsync(Cases.All[name]);
        var server = rendered.Deployment["spec.template.metadata.labels"];
        var check = rendered.Maybe("Job")?["spec.template.metadata.labels"];
        var paths = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Deployment"] = "spec.selector.matchLabels", ["Service"] = "spec.selector", ["PodDisruptionBudget"] = "spec.selector.matchLabels", ["NetworkPolicy"] = "spec.podSelector.matchLabels",
        };
        foreach (var made in rendered.Objects.Where(o => paths.ContainsKey(o.Kind)))
        {
            Assert.True(made[paths[made.Kind]].Selects(server), made.ToString());
            Assert.False(check is not null && made[paths[made.Kind]].Selects(check), made.ToString());
        }

        // The operator's monitor looks for the Service.
        if (rendered.Maybe("ServiceMonitor") is { } monitor)
            Assert.True(monitor["spec.selector.matchLabels"].Selects(rendered.One("Service")["metadata.labels"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Secrets_are_named_and_never_held(string name)
    {
        var rendered = await Rendered.OfAsync(Cases.All[name]);
        Assert.DoesNotContain(rendered.Objects, o => o.Kind == "Secret");
        Assert.All(rendered.Container.List("env"), variable =>
        {
            if (Secretive().IsMatch(variable.Text("name")))
            {
                Assert.Null(variable["value"]);
                Assert.NotEmpty(variable.Text("valueFrom.secretKeyRef.name"));
            }
        });
        Assert.Equal("database", rendered.Container.List("env").Named("INCIDENTS_POSTGRES").Text("valueFrom.secretKeyRef.name"));
        Assert.Equal("connection", rendered.Container.List("env").Named("INCIDENTS_POSTGRES").Text("valueFrom.secretKeyRef.key"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_schema_accepts_what_the_cases_say(string name) => Assert.Empty(Yaml.All(Cases.All[name]).SelectMany(ValuesSchema.Problems));

    private static object? Read(Type model, JsonNode json) =>
        typeof(KubernetesJson).GetMethods().Single(m => m.Name == "Deserialize" && m.GetParameters() is [{ } text, _] && text.ParameterType == typeof(string))
            .MakeGenericMethod(model).Invoke(null, [json.ToJsonString(), null]);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex DnsName();

    [GeneratedRegex(@"^[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"POSTGRES|TOKEN|PASSWORD|SECRET", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Secretive();
}
