using System.Text.Json.Nodes;
using Incidents.Helm.Tests.Rendering;

namespace Incidents.Helm.Tests;

/// <summary>The configuration file and the secrets that it names.</summary>
public class ConfigurationTests
{
    // What a template engine, a block of YAML or a shell might spoil.
    private const string Odd = "  # begins indented\nroute:\n  receiver: \"{{ .Values.mode }}\"\n\n  matchers: ['a=\"$b\"', \"c\\td\"]\n# ünïcode: 08:00 off\n";

    [Fact]
    public async Task Without_one_there_is_nothing_of_it()
    {
        var rendered = await Rendered.OfAsync();
        Assert.DoesNotContain("--config", rendered.Arguments);
        Assert.Null(rendered.Maybe("ConfigMap"));
        Assert.Null(rendered.Maybe("Job"));
    }

    [Fact]
    public async Task The_text_arrives_as_it_was_written()
    {
        var rendered = await Rendered.OfAsync(new JsonObject { ["config"] = new JsonObject { ["text"] = Odd } }.ToJsonString());
        var maps = rendered.Objects.Where(o => o.Kind == "ConfigMap").ToList();
        Assert.Equal(2, maps.Count);
        Assert.All(maps, map => Assert.Equal(Odd.TrimEnd(), map["data"]!["incidents.yaml"]!.GetValue<string>().TrimEnd()));
    }

    [Fact]
    public async Task The_server_reads_the_file_where_it_is_mounted()
    {
        var rendered = await Rendered.OfAsync(Cases.All["configuration"]);
        var arguments = rendered.Arguments.ToList();
        var mount = rendered.Container.List("volumeMounts").Named("config").Text("mountPath");
        Assert.Equal($"{mount}/incidents.yaml", arguments[arguments.IndexOf("--config") + 1]);
        Assert.Contains(rendered.Objects, o => o.Kind == "ConfigMap" && o.Name == rendered.Pod.List("volumes").Named("config").Text("configMap.name"));
        var own = await Rendered.OfAsync(Cases.All["configuration of one's own"]);
        Assert.Equal("mine", own.Pod.List("volumes").Named("config").Text("configMap.name"));
        Assert.Null(own.Maybe("ConfigMap"));
    }

    [Fact]
    public async Task A_change_of_the_text_replaces_the_pods()
    {
        var sums = new List<string>();
        foreach (var text in new[] { "a", "b" })
            sums.Add((await Rendered.OfAsync($"config: {{text: {text}}}\n")).Deployment["spec.template.metadata.annotations"]!["checksum/config"]!.GetValue<string>());
        Assert.Equal(2, sums.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_job_checks_it_before_anything_is_changed_with_the_servers_image_and_secrets()
    {
        var rendered = await Rendered.OfAsync(Cases.All["everything in cluster mode"]);
        var job = rendered.One("Job");
        Assert.Equal("pre-install,pre-upgrade", Annotation(job, "helm.sh/hook"));
        Assert.Equal("Never", job.Text("spec.template.spec.restartPolicy"));
        Assert.Equal(0, job.Number("spec.backoffLimit"));
        var container = Assert.Single(job.Json.List("spec.template.spec.containers"));
        Assert.Equal(rendered.Container.Text("image"), container.Text("image"));
        Assert.True(JsonNode.DeepEquals(rendered.Container["envFrom"], container["envFrom"]));
        Assert.Equal(["config", "secret-keys", "tmp"], container.List("volumeMounts").Select(m => m.Text("name")));

        // Hooks run before the release's own objects are there, so it has a map of its own, made first.
        var map = Assert.Single(rendered.Objects, o => o.Kind == "ConfigMap" && o.Name == job["spec.template.spec"].List("volumes").Named("config").Text("configMap.name"));
        Assert.True(int.Parse(Annotation(map, "helm.sh/hook-weight")) < int.Parse(Annotation(job, "helm.sh/hook-weight")));
        Assert.Null((await Rendered.OfAsync(Cases.All["configuration without a check"])).Maybe("Job"));
    }

    [Fact]
    public async Task Secrets_come_as_variables_and_as_files()
    {
        var rendered = await Rendered.OfAsync(Cases.All["secrets"]);
        Assert.Equal(["tokens", "more"], rendered.Container.List("envFrom").Select(e => e.Text("secretRef.name")));
        Assert.Equal("/run/secrets/incidents/keys", rendered.Container.List("volumeMounts").Named("secret-keys").Text("mountPath"));
        var volume = rendered.Pod.List("volumes").Named("secret-keys");
        Assert.Equal(("keys", 288L), (volume.Text("secret.secretName"), volume.Number("secret.defaultMode")));
    }

    [Fact]
    public async Task The_admins_token_comes_from_a_secret()
    {
        Assert.DoesNotContain((await Rendered.OfAsync()).Container.List("env"), v => v.Text("name") == "INCIDENTS_ADMIN_TOKEN");
        var variable = (await Rendered.OfAsync(Cases.All["admin token"])).Container.List("env").Named("INCIDENTS_ADMIN_TOKEN");
        Assert.Equal(("admin", "password"), (variable.Text("valueFrom.secretKeyRef.name"), variable.Text("valueFrom.secretKeyRef.key")));
    }

    [Fact]
    public async Task Two_files_are_refused() => Assert.Contains(
        "either text or existingConfigMap", await Rendered.RefusalAsync("config: {text: a, existingConfigMap: b}\n"), StringComparison.Ordinal);

    private static string Annotation(KubeObject made, string key) => made["metadata.annotations"]![key]!.GetValue<string>();
}
