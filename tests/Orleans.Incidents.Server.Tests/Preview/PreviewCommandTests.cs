using System.Text.Json;

namespace Incidents.Server.Tests.Preview;

public sealed class PreviewCommandTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task It_reads_at_night()
    {
        var body = _run.Write("body.json", """
            [{"title":"Disk full","dedup_key":"disk","severity":"warning","service":"db","started_at":"2026-03-01T11:59:00Z","labels":{"team":"careful","host":"1"}},
             {"title":"Slow","severity":"error","labels":{"alertname":"Slow"}},
             {"severity":"error"}]
            """);
        var (exit, output, errors) = await CommandRun.RunAsync("preview", "--format", "generic-json", "--config", _run.Write("incidents.yaml", Bench.Yaml), body);
        Assert.Equal((0, ""), (exit, errors));
        Assert.Equal(
            """
            generic-json, sent to generic as integration-generic: 2 alerts understood, 1 refused
              (there is no server: nothing is open and no budget is spent)
              (decided as if sent to generic, the first integration of this format; --integration names another)

            [0] TRIGGER warning: Disk full
                would     opens a new incident on service careful in triage, which pages nobody (warning < page_from critical)
                key       disk
                labels    alertname="Disk full", host="1", service="db", severity="warning", team="careful"
                from      source generic, service db in its sender's words, began 2026-03-01T11:59:00Z
                goes to   careful
                path      root: takes every alert
                          {team="careful"}
                            yes: team is "careful"
                group     {alertname="Disk full"}, grouped by alertname (root)
                timings   group_wait 0s (default), reopen_window 0s (default)
            """.ReplaceLineEndings("\n"),
            output.ReplaceLineEndings("\n")[..(output.IndexOf("reopen_window 0s (default)", StringComparison.Ordinal) + "reopen_window 0s (default)".Length)]);
        Assert.Contains("    would     opens a new incident on service shop (error ≥ page_from error)\n              pages alice by console at once, then", output, StringComparison.Ordinal);
        Assert.EndsWith("[2] in the request is REFUSED, MissingField\n    why       title is missing or blank\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_configuration_it_is_the_starters_and_says_so()
    {
        var (exit, output, _) = await CommandRun.RunAsync("preview", "--format", "generic-json", "--json", _run.Write("body.json", """{"title":"x"}"""));
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, exit);
        Assert.Contains(json.GetProperty("notes").EnumerateArray(), n => n.GetString()!.Contains("what a first start makes", StringComparison.Ordinal));
        Assert.Equal(("default", JsonValueKind.Null), (json.GetProperty("wouldDo")[0].GetProperty("service").GetString(), json.GetProperty("alerts")[0].GetProperty("severity").ValueKind));
        Assert.False(json.GetProperty("context").TryGetProperty("position", out _));
    }

    [Theory]
    [InlineData("""{"severity":"error"}""")]
    [InlineData("{\"title\":")]
    [InlineData("[]")]
    public async Task When_nothing_is_understood_it_ends_with_1(string body) =>
        Assert.Equal(1, (await CommandRun.RunAsync("preview", "--format", "generic-json", _run.Write("body.json", body))).Exit);

    [Theory]
    [InlineData("there is no format called 'nonsense'; there are alertmanager-api-v2-alerts,", "--format", "nonsense", "x")]
    [InlineData("x: does not exist", "--format", "generic-json", "x")]
    [InlineData("there is no integration called 'y'; there are alertmanager,", "--format", "generic-json", "--integration", "y", "x")]
    [InlineData("z: does not exist", "--format", "generic-json", "--headers", "z", "x")]
    [InlineData("c: does not exist", "--format", "generic-json", "--config", "c", "x")]
    [InlineData("Option '--format' is required.", "x")]
    public async Task What_cannot_be_previewed_is_one_line(string message, params string[] arguments)
    {
        var (exit, output, errors) = await CommandRun.RunAsync(["preview", .. arguments]);
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }
}
