using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Incidents.Testing;

namespace Incidents.Server.Tests.Telemetry;

/// <summary>The Prometheus rules, by Prometheus' own tool; each alert is tested and explained.</summary>
public sealed partial class RuleTests
{
    private static readonly string Docs = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "docs"));
    private static readonly string Rules = Path.Combine(Docs, "operations", "prometheus-rules.yml");
    private static readonly string Tests = Path.Combine(Docs, "operations", "prometheus-rules-test.yml");

    [Fact]
    public async Task Promtool_accepts_every_rule()
    {
        var run = await Tool.RunAsync("promtool", "check", "rules", Rules);
        Assert.True(run.Exit == 0, run.Output + run.Errors);
        Assert.Contains($"{Alerts().Count} rules found", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_alert_fires_on_its_sign_and_none_on_a_healthy_day()
    {
        var run = await Tool.RunAsync("promtool", "test", "rules", Tests);
        Assert.True(run.Exit == 0, run.Output + run.Errors);
    }

    [Fact]
    public void Every_alert_is_tested_both_ways_and_has_its_place_in_the_runbook()
    {
        var tests = File.ReadAllText(Tests);
        var runbook = Heading().Matches(File.ReadAllText(Path.Combine(Docs, "operations.md"))).Select(m => m.Groups["alert"].Value).ToList();
        Assert.Equal(runbook.Order(StringComparer.Ordinal), Alerts().Order(StringComparer.Ordinal));
        Assert.All(Alerts(), alert => Assert.True(Regex.Count(tests, $"alertname: {alert}\n") >= 2, $"{alert} is not tested both ways"));
    }

    private static List<string> Alerts() => [.. Alert().Matches(File.ReadAllText(Rules)).Select(m => m.Groups["alert"].Value)];

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"- alert: (?<alert>\w+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^### (?<alert>Incidents\w+)$", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();
}
