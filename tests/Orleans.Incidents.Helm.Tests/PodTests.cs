using System.Text.Json.Nodes;
using Incidents.Helm.Tests.Rendering;

namespace Incidents.Helm.Tests;

/// <summary>The pods: what they may do, how they are asked, how they end.</summary>
public class PodTests
{
    // What the server needs between the drain and its end: pages under way, traces, sessions.
    private const long Margin = 15;

    public static TheoryData<string> Names => Cases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_pod_is_root_writes_its_image_or_may_call_the_cluster(string name)
    {
        var pods = (await Rendered.OfAsync(Cases.All[name])).Objects.Select(o => o["spec.template.spec"]).OfType<JsonNode>().ToList();
        Assert.NotEmpty(pods);
        Assert.All(pods, pod =>
        {
            Assert.True(pod.At("securityContext.runAsNonRoot")!.GetValue<bool>());
            Assert.Equal("RuntimeDefault", pod.Text("securityContext.seccompProfile.type"));
            Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());

            // A Service that is called incidents would set variables that the server reads as its options.
            Assert.False(pod["enableServiceLinks"]!.GetValue<bool>());
            foreach (var forbidden in new[] { "hostNetwork", "hostPID", "hostIPC" })
                Assert.Null(pod[forbidden]);
            Assert.DoesNotContain(pod.List("volumes"), v => v["hostPath"] is not null);
            var container = Assert.Single(pod.List("containers"));
            Assert.False(container.At("securityContext.allowPrivilegeEscalation")!.GetValue<bool>());
            Assert.True(container.At("securityContext.readOnlyRootFilesystem")!.GetValue<bool>());
            Assert.Equal(["ALL"], container.List("securityContext.capabilities.drop").Select(c => c.GetValue<string>()));
        });
    }

    [Fact]
    public async Task The_user_is_the_images_own_unless_the_platform_gives_one()
    {
        var usual = (await Rendered.OfAsync()).Pod["securityContext"];
        Assert.Equal((1654, 1654, 1654), (usual.Number("runAsUser"), usual.Number("runAsGroup"), usual.Number("fsGroup")));
        var given = (await Rendered.OfAsync(Cases.All["users of the platform"])).Pod["securityContext"]!.AsObject();
        Assert.Equal(["runAsNonRoot", "seccompProfile"], given.Select(p => p.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_mount_has_its_volume_and_what_is_written_has_a_limit(string name)
    {
        foreach (var made in (await Rendered.OfAsync(Cases.All[name])).Objects.Where(o => o["spec.template.spec"] is not null))
        {
            var volumes = made["spec.template.spec"].List("volumes");
            var mounts = Assert.Single(made["spec.template.spec"].List("containers")).List("volumeMounts");
            Assert.Equal(volumes.Select(v => v.Text("name")).Order(StringComparer.Ordinal), mounts.Select(m => m.Text("name")).Order(StringComparer.Ordinal));
            Assert.Equal(mounts.Count, mounts.Select(m => m.Text("mountPath")).Distinct(StringComparer.Ordinal).Count());
            foreach (var mount in mounts)
            {
                var volume = volumes.Named(mount.Text("name"));
                if (mount["readOnly"]?.GetValue<bool>() != true)
                    Assert.NotEmpty(volume.Text("emptyDir.sizeLimit"));
            }

            Assert.Contains(mounts, m => m.Text("mountPath") == "/tmp");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Probes_ask_what_the_server_answers_where_it_listens(string name)
    {
        var rendered = await Rendered.OfAsync(Cases.All[name]);
        var container = rendered.Container;
        var url = new Uri(rendered.Arguments[rendered.Arguments.ToList().IndexOf("--urls") + 1].Replace("*", "pod", StringComparison.Ordinal));
        Assert.Equal(url.Port, container.List("ports").Named("http").Number("containerPort"));
        foreach (var (probe, path) in new[] { ("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz") })
        {
            Assert.Equal(path, container.Text($"{probe}.httpGet.path"));
            Assert.Equal("http", container.Text($"{probe}.httpGet.port"));
            Assert.Equal(url.Scheme, container.Text($"{probe}.httpGet.scheme"), ignoreCase: true);
        }

        var port = Assert.Single(rendered.One("Service").Json.List("spec.ports"));
        Assert.Contains(container.List("ports"), p => p.Text("name") == port.Text("targetPort"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_end_comes_after_the_wait_and_the_drain(string name)
    {
        var rendered = await Rendered.OfAsync(Cases.All[name]);
        var wait = rendered.Container.At("lifecycle.preStop.sleep.seconds")?.GetValue<long>() ?? 0;
        var drain = Seconds(rendered.Arguments[rendered.Arguments.ToList().IndexOf("--shutdown-timeout") + 1]);
        Assert.InRange(rendered.Pod.Number("terminationGracePeriodSeconds"), wait + drain + Margin, long.MaxValue);
    }

    [Theory]
    [InlineData("terminationGracePeriodSeconds: 39", "terminationGracePeriodSeconds: 39 is too short")]
    [InlineData("shutdown: {drainSeconds: 60}", "shutdown.waitSeconds + shutdown.drainSeconds + 15 is 80")]
    [InlineData("shutdown: {waitSeconds: 60}", "is too short")]
    public async Task An_end_before_the_drains_end_is_refused(string values, string says) =>
        Assert.Contains(says, await Rendered.RefusalAsync(values + "\n"), StringComparison.Ordinal);

    [Fact]
    public async Task An_end_right_behind_them_is_not() =>
        Assert.Equal(40, (await Rendered.OfAsync("terminationGracePeriodSeconds: 40\n")).Pod.Number("terminationGracePeriodSeconds"));

    [Fact]
    public async Task The_database_is_to_be_named() =>
        Assert.Contains("postgres.existingSecret: name the Secret", await Rendered.RefusalAsync("mode: cluster\n", least: "mode: cluster\n"), StringComparison.Ordinal);

    [Fact]
    public async Task The_image_is_of_the_charts_version_a_tag_or_a_digest()
    {
        Assert.Equal($"orleans-incidents:{Chart.About.Text("appVersion")}", (await Rendered.OfAsync()).Container.Text("image"));
        Assert.Equal("orleans-incidents:7.1", (await Rendered.OfAsync("image: {tag: \"7.1\"}\n")).Container.Text("image"));
        Assert.StartsWith("example.com/incidents@sha256:0123", (await Rendered.OfAsync(Cases.All["digest"])).Container.Text("image"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_are_spread_unless_somebody_says_how()
    {
        var usual = await Rendered.OfAsync();
        Assert.Equal(["kubernetes.io/hostname", "topology.kubernetes.io/zone"], usual.Pod.List("topologySpreadConstraints").Select(t => t.Text("topologyKey")));
        Assert.All(usual.Pod.List("topologySpreadConstraints"), t => Assert.True(t.At("labelSelector.matchLabels").Selects(usual.Deployment["spec.template.metadata.labels"])));
        Assert.Equal(["rack"], (await Rendered.OfAsync(Cases.All["scheduling"])).Pod.List("topologySpreadConstraints").Select(t => t.Text("topologyKey")));
    }

    private static long Seconds(string duration)
    {
        Assert.EndsWith("s", duration, StringComparison.Ordinal);
        return long.Parse(duration[..^1]);
    }
}
