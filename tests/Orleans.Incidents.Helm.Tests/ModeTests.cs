using Incidents.Helm.Tests.Rendering;

namespace Incidents.Helm.Tests;

/// <summary>Cluster and standby mode: who is ready, how pods are replaced, evicted and added.</summary>
public class ModeTests
{
    [Fact]
    public async Task In_cluster_mode_every_pod_serves_and_none_is_taken_away_before_another_is_there()
    {
        var rendered = await Rendered.OfAsync();
        Assert.Equal(3, rendered.Deployment.Number("spec.replicas"));
        Assert.Equal((1, 0), (rendered.Deployment.Number("spec.strategy.rollingUpdate.maxSurge"), rendered.Deployment.Number("spec.strategy.rollingUpdate.maxUnavailable")));
        Assert.Equal(["http", "silo", "gateway"], rendered.Container.List("ports").Select(p => p.Text("name")));
        Assert.Equal("status.podIP", rendered.Container.List("env").Named("INCIDENTS_ADVERTISE").Text("valueFrom.fieldRef.fieldPath"));
        Assert.Contains("--cluster", rendered.Arguments);
    }

    [Fact]
    public async Task The_silos_ports_are_the_containers_and_the_command_lines()
    {
        var rendered = await Rendered.OfAsync("cluster: {siloPort: 11112, gatewayPort: 30001}\n");
        var arguments = rendered.Arguments.ToList();
        Assert.Equal("11112", arguments[arguments.IndexOf("--silo-port") + 1]);
        Assert.Equal("30001", arguments[arguments.IndexOf("--gateway-port") + 1]);
        Assert.Equal((11112, 30001), (rendered.Container.List("ports").Named("silo").Number("containerPort"), rendered.Container.List("ports").Named("gateway").Number("containerPort")));
    }

    [Fact]
    public async Task In_standby_mode_one_serves_and_a_roll_out_does_not_wait_for_the_other_to_be_ready()
    {
        var rendered = await Rendered.OfAsync(Cases.All["standby"]);
        Assert.Equal(2, rendered.Deployment.Number("spec.replicas"));
        Assert.Equal(("100%", "100%"), (rendered.Deployment.Text("spec.strategy.rollingUpdate.maxSurge"), rendered.Deployment.Text("spec.strategy.rollingUpdate.maxUnavailable")));
        Assert.Equal(["http"], rendered.Container.List("ports").Select(p => p.Text("name")));
        Assert.DoesNotContain(rendered.Container.List("env"), v => v.Text("name") == "INCIDENTS_ADVERTISE");
        Assert.DoesNotContain("--cluster", rendered.Arguments);
    }

    [Fact]
    public async Task A_budget_lets_one_go_at_a_time_and_whatever_is_not_ready()
    {
        var budget = (await Rendered.OfAsync()).One("PodDisruptionBudget");
        Assert.Equal(1, budget.Number("spec.maxUnavailable"));
        Assert.Equal("AlwaysAllow", budget.Text("spec.unhealthyPodEvictionPolicy"));
        Assert.Null((await Rendered.OfAsync(Cases.All["no budget"])).Maybe("PodDisruptionBudget"));
    }

    [Fact]
    public async Task In_standby_mode_a_budget_would_never_let_the_owner_go_so_there_is_none() =>
        Assert.Null((await Rendered.OfAsync(Cases.All["standby"])).Maybe("PodDisruptionBudget"));

    [Fact]
    public async Task The_autoscaler_counts_alerts_and_the_deployment_leaves_the_number_to_it()
    {
        Assert.Null((await Rendered.OfAsync()).Maybe("HorizontalPodAutoscaler"));
        var rendered = await Rendered.OfAsync(Cases.All["autoscaling"]);
        Assert.Null(rendered.Deployment["spec.replicas"]);
        var scaler = rendered.One("HorizontalPodAutoscaler");
        Assert.Equal(("apps/v1", "Deployment", rendered.Deployment.Name), (scaler.Text("spec.scaleTargetRef.apiVersion"), scaler.Text("spec.scaleTargetRef.kind"), scaler.Text("spec.scaleTargetRef.name")));
        Assert.Equal((3, 9), (scaler.Number("spec.minReplicas"), scaler.Number("spec.maxReplicas")));
        var metric = Assert.Single(scaler.Json.List("spec.metrics"));
        Assert.Equal(("Pods", "incidents_alerts_accepted_per_second", "AverageValue", "2000"),
            (metric.Text("type"), metric.Text("pods.metric.name"), metric.Text("pods.target.type"), metric.Text("pods.target.averageValue")));
    }

    [Theory]
    [InlineData("mode: standby\nautoscaling: {enabled: true}\n", "autoscaling.enabled: needs mode: cluster")]
    [InlineData("autoscaling: {enabled: true, minReplicas: 5, maxReplicas: 4}\n", "minReplicas is over maxReplicas")]
    public async Task An_autoscaler_that_makes_no_sense_is_refused(string values, string says) =>
        Assert.Contains(says, await Rendered.RefusalAsync(values), StringComparison.Ordinal);

    [Fact]
    public async Task The_autoscalers_metric_is_made_of_one_that_the_server_has()
    {
        var readme = Chart.Read("README.md");
        var metrics = await File.ReadAllTextAsync(Path.Combine(Chart.Root, "docs", "operations.md"), TestContext.Current.CancellationToken);
        Assert.Contains("incidents_alerts_accepted_total", readme, StringComparison.Ordinal);
        Assert.Contains("| `incidents_alerts_accepted_total` |", metrics, StringComparison.Ordinal);
        Assert.Contains($"as: {Chart.Values.Text("autoscaling.metric")}", readme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_notes_say_what_may_surprise()
    {
        Assert.Contains("One pod is Ready", await Rendered.NotesAsync(Cases.All["standby"]), StringComparison.Ordinal);
        Assert.DoesNotContain("One pod is Ready", await Rendered.NotesAsync("mode: cluster\n"), StringComparison.Ordinal);
        Assert.Contains("plain HTTP", await Rendered.NotesAsync("mode: cluster\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("plain HTTP", await Rendered.NotesAsync(Cases.All["tls"]), StringComparison.Ordinal);
        Assert.Contains("admin token", await Rendered.NotesAsync("mode: cluster\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("admin token", await Rendered.NotesAsync(Cases.All["admin token"]), StringComparison.Ordinal);
        Assert.Contains("does not know monitoring.coreos.com/v1", await Rendered.NotesAsync(Cases.All["monitoring"]), StringComparison.Ordinal);
        Assert.DoesNotContain("does not know", await Rendered.NotesAsync(Cases.All["monitoring"], "monitoring.coreos.com/v1"), StringComparison.Ordinal);
    }
}
