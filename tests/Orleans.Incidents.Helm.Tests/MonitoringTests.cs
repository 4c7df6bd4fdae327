using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Incidents.Helm.Tests.Rendering;

namespace Incidents.Helm.Tests;

/// <summary>The Prometheus operator's objects.</summary>
public class MonitoringTests
{
    [Fact]
    public async Task There_are_none_unless_asked_for()
    {
        var rendered = await Rendered.OfAsync();
        Assert.Null(rendered.Maybe("ServiceMonitor"));
        Assert.Null(rendered.Maybe("PrometheusRule"));
    }

    [Fact]
    public async Task Every_pod_is_scraped_in_cluster_mode()
    {
        var rendered = await Rendered.OfAsync(Cases.All["monitoring"]);
        var endpoint = Assert.Single(rendered.One("ServiceMonitor").Json.List("spec.endpoints"));
        Assert.Equal(["interval", "path", "port", "scheme"], endpoint.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("http", "/metrics", "http"), (endpoint.Text("port"), endpoint.Text("path"), endpoint.Text("scheme")));
        Assert.Contains(rendered.One("Service").Json.List("spec.ports"), p => p.Text("name") == endpoint.Text("port"));
    }

    [Fact]
    public async Task In_standby_mode_what_stands_by_is_not_scraped_because_it_would_count_as_down()
    {
        var endpoint = Assert.Single((await Rendered.OfAsync(Cases.All["monitoring in standby mode"])).One("ServiceMonitor").Json.List("spec.endpoints"));
        var keep = Assert.Single(endpoint.List("relabelings"));
        Assert.Equal("keep", keep.Text("action"));

        // Prometheus joins the labels with semicolons and anchors the pattern; one of the two labels is there, by how it finds pods.
        var pattern = new Regex($"^(?:{keep.Text("regex")})$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        Assert.True(pattern.IsMatch("true;") && pattern.IsMatch(";true"));
        Assert.False(pattern.IsMatch("false;") || pattern.IsMatch(";false") || pattern.IsMatch(";"));
    }

    [Fact]
    public async Task With_tls_and_a_token_the_scrape_has_both()
    {
        var monitor = (await Rendered.OfAsync(Cases.All["everything in cluster mode"])).One("ServiceMonitor");
        var endpoint = Assert.Single(monitor.Json.List("spec.endpoints"));
        Assert.Equal(("https", "paging", "scraper", "token"),
            (endpoint.Text("scheme"), endpoint.Text("tlsConfig.serverName"), endpoint.Text("authorization.credentials.name"), endpoint.Text("authorization.credentials.key")));
        Assert.Equal("sre", monitor.Text("metadata.labels.team"));
    }

    [Theory]
    [InlineData("server: {metrics: \"off\"}\nserviceMonitor: {enabled: true}\n", "there is nothing to scrape")]
    [InlineData("server: {metrics: token}\nserviceMonitor: {enabled: true}\n", "serviceMonitor.tokenSecret")]
    public async Task A_scrape_that_would_be_refused_is_refused_before(string values, string says) =>
        Assert.Contains(says, await Rendered.RefusalAsync(values), StringComparison.Ordinal);

    [Fact]
    public async Task The_rules_are_those_of_the_documentation()
    {
        var ours = await File.ReadAllTextAsync(Path.Combine(Chart.Root, "docs", "operations", "prometheus-rules.yml"), TestContext.Current.CancellationToken);
        Assert.True(ours == Chart.Read("files/prometheus-rules.yml"), "copy docs/operations/prometheus-rules.yml to files/ in the chart: a chart reads nothing outside of itself");
        var made = (await Rendered.OfAsync(Cases.All["monitoring"])).One("PrometheusRule");
        Assert.True(JsonNode.DeepEquals(Yaml.One(ours), made["spec"]));
    }

    [Fact]
    public async Task The_job_is_one_that_the_rules_look_for()
    {
        var rendered = await Rendered.OfAsync(Cases.All["monitoring"]);
        Assert.Equal("app.kubernetes.io/name", rendered.One("ServiceMonitor").Text("spec.jobLabel"));
        var job = rendered.One("Service")["metadata.labels"]!["app.kubernetes.io/name"]!.GetValue<string>();
        var looked = Regex.Match(Chart.Read("files/prometheus-rules.yml"), "job=~\"(?<job>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking).Groups["job"].Value;
        Assert.Matches($"^(?:{looked})$", job);
    }
}
