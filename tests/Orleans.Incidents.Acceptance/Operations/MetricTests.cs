using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Operations;

/// <summary>What a real scrape has, what docs/operations.md says it has, and what rules and dashboard ask for: the same names.</summary>
public sealed partial class MetricTests(MetricTests.Scraped scraped) : IClassFixture<MetricTests.Scraped>
{
    private static readonly string Docs = Path.Combine(Here(), "..", "..", "..", "docs");

    [Fact]
    public void Every_metric_is_documented_and_every_documented_one_is_there()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Docs, "operations.md"))).Select(m => m.Groups["name"].Value).ToList();
        Assert.Equal(rows.Order(StringComparer.Ordinal), scraped.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rules_and_dashboard_ask_for_nothing_that_is_not_scraped()
    {
        var asked = new[] { "prometheus-rules.yml", "prometheus-rules-test.yml", "grafana-dashboard.json" }
            .SelectMany(file => Metric().Matches(File.ReadAllText(Path.Combine(Docs, "operations", file))).Select(m => m.Value)).Distinct().ToList();
        Assert.True(asked.Count > 25, string.Join(' ', asked));
        Assert.All(asked, name => Assert.Contains(Suffix().Replace(name, ""), scraped.Names.Select(n => Suffix().Replace(n, ""))));
    }

    [Theory]
    [InlineData("incidents_pages_ended_total{otel_scope_name=\"Incidents\",outcome=\"given_up\"} 0")]
    [InlineData("incidents_journal_flush_failures_total{otel_scope_name=\"Incidents\",status=\"lost\"} 0")]
    [InlineData("incidents_messages_set_aside_total{otel_scope_name=\"Incidents\"} 0")]
    [InlineData("incidents_errors_unforeseen_total{otel_scope_name=\"Incidents\"} 0")]
    public void A_failure_that_has_not_happened_is_there_as_zero_so_that_the_first_is_an_increase(string sample) =>
        Assert.Contains(sample, scraped.Text, StringComparison.Ordinal);

    [Fact]
    public void Measurements_say_what_was_done()
    {
        Assert.Contains("incidents_alerts_accepted_total{otel_scope_name=\"Incidents\",outcome=\"repeated\"} 3", scraped.Text, StringComparison.Ordinal);
        Assert.Contains("incidents_alerts_refused_total{otel_scope_name=\"Incidents\",reason=\"NoCredential\"} 2", scraped.Text, StringComparison.Ordinal);
        Assert.Contains("incidents_ready{otel_scope_name=\"Incidents\"} 1", scraped.Text, StringComparison.Ordinal);
        Assert.True(Value("incidents_pages_open") == 1, "one page cannot be delivered");
        Assert.InRange(Value("incidents_pages_oldest_seconds"), 0.001, 120);
        Assert.InRange(Value("incidents_disk_free_bytes"), 1, 1e18);
        Assert.InRange(Value("incidents_journal_size_bytes"), 4096, 1e9);
        Assert.InRange(Value("incidents_timers_overdue_seconds"), 0, 5);
    }

    [Fact]
    public void The_dashboard_is_whole()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs, "operations", "grafana-dashboard.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels.Where(p => p.GetProperty("type").GetString() != "row"), p => Assert.NotEmpty(p.GetProperty("targets").EnumerateArray()));
    }

    [Fact]
    public void Every_metric_of_ours_is_on_the_dashboard_or_has_a_rule()
    {
        var asked = File.ReadAllText(Path.Combine(Docs, "operations", "prometheus-rules.yml")) + File.ReadAllText(Path.Combine(Docs, "operations", "grafana-dashboard.json"));
        Assert.DoesNotContain(scraped.Names, n => n.StartsWith("incidents_", StringComparison.Ordinal) && !asked.Contains(n, StringComparison.Ordinal));
    }

    /// <summary>Who looks at night sees what the watchdog and the heartbeats say, and is called about what stands still.</summary>
    [Theory]
    [InlineData("incidents_watchdog_findings", true)]
    [InlineData("incidents_watchdog_completed_seconds", true)]
    [InlineData("incidents_watchdog_heartbeats_total", true)]
    [InlineData("incidents_beats_total", false)]
    [InlineData("incidents_beats_firing", false)]
    public void What_watches_is_on_the_dashboard_and_has_its_rule(string metric, bool hasRule)
    {
        Assert.Contains(metric, scraped.Names);
        Assert.Contains(metric, File.ReadAllText(Path.Combine(Docs, "operations", "grafana-dashboard.json")), StringComparison.Ordinal);
        Assert.True(!hasRule || File.ReadAllText(Path.Combine(Docs, "operations", "prometheus-rules.yml")).Contains(metric, StringComparison.Ordinal), $"no rule looks at {metric}");
    }

    private double Value(string name) => double.Parse(
        scraped.Text.Split('\n').Single(l => l.StartsWith(name + "{", StringComparison.Ordinal)).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"^\| `(?<name>(incidents|dotnet|process|target)_[a-z_]+)` \|", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(incidents|dotnet|process)_[a-z_]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Metric();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Suffix();

    /// <summary>One scrape of a server that has seen a little of everything.</summary>
    public sealed class Scraped : IAsyncLifetime
    {
        internal string Text { get; private set; } = "";

        internal List<string> Names { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            using var folder = new Folder();
            await using var pager = await Pager.StartAsync();
            await using var server = await TestConfig.ServeAsync(folder, pager.Url);
            using var sender = server.As(TestConfig.Generic);
            using var stranger = server.As("a-token-that-nobody-knows");
            await pager.PageOfAsync(await server.Admin.OpenAsync("""{"dedup_key":"a","title":"A","severity":"critical"}"""));
            for (var i = 0; i < 3; i++)
                await sender.AlertAsync("""{"dedup_key":"a","title":"A","severity":"critical"}""");
            for (var i = 0; i < 2; i++)
                await stranger.PostAsync("/integrations/generic/alerts", "{}");
            pager.IsDown = true;
            await sender.AlertAsync("""{"dedup_key":"b","title":"B","severity":"critical"}""");
            await Eventually.TrueAsync("a failed attempt", async () =>
                (Text = (await server.Admin.GetAsync("/metrics")).Text).Contains("reason=\"ServerError\"") && Text.Contains("reason=\"NoCredential\"} 2"));
            Names = [.. Text.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2])];
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
