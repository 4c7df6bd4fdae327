using System.Text.Json;
using NodaTime;

namespace Incidents.Server.Tests.Preview;

public sealed class BeatPreviewTests : IDisposable
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);

    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Where_nothing_fires_a_beat_changes_nothing_and_the_next_silence_is_told()
    {
        await using var bench = await Bench.StartAsync();
        var before = bench.Runtime.History.Position;

        var said = await bench.BeatAsync(heard: Noon - Duration.FromMinutes(3));

        Assert.Equal(2, said.WouldDo.Count);
        Assert.Equal((null, "NothingOpen", "changes nothing but when job was last heard (3m ago): its alert does not fire"), (said.WouldDo[0].Alert, said.WouldDo[0].Reason, said.WouldDo[0].Text));
        Assert.StartsWith("if nothing is heard until 2026-03-01T12:12:00Z: opens a new incident on service careful in triage", said.WouldDo[1].Text, StringComparison.Ordinal);
        var alert = Assert.Single(said.Alerts);
        Assert.Equal(("trigger", "job is silent since 2026-03-01T12:00:00Z: it should be heard every 10m", "careful"), (alert.Action, alert.Title, alert.Labels["team"]));
        Assert.Contains(said.Routes, r => r is { Matches: true, Receiver: "careful" });
        Assert.Equal(("heartbeat", "job", "integration-job", before), (said.Context.Format, said.Context.Integration, said.Context.Identity, said.Context.Position));
        Assert.Equal(before, bench.Runtime.History.Position);
    }

    [Fact]
    public async Task Where_its_alert_fires_a_beat_ends_it_and_a_silence_after_that_is_a_new_problem()
    {
        await using var bench = await Bench.StartAsync();
        await bench.SayFailedAsync();
        var before = bench.Runtime.History.Position;

        var said = await bench.BeatAsync(heard: null);

        Assert.Equal(["resolve", "trigger"], said.Alerts.Select(a => a.Action));
        Assert.Equal(2, said.WouldDo.Count);
        Assert.Equal((0, "AllAlertsEnded"), (said.WouldDo[0].Alert, said.WouldDo[0].Reason));
        Assert.NotNull(said.WouldDo[0].Incident);
        Assert.Equal((1, true), (said.WouldDo[1].Alert, said.WouldDo[1].Opens));
        Assert.Equal(before, bench.Runtime.History.Position);
    }

    [Fact]
    public async Task A_silence_is_rehearsed_for_its_own_time()
    {
        await using var bench = await Bench.StartAsync();
        bench.Clock.Now = new DateTimeOffset(2026, 3, 1, 11, 55, 0, TimeSpan.Zero);
        var said = await bench.BeatAsync(heard: null, "muted-job");
        Assert.Contains("if nothing is heard until 2026-03-01T12:07:00Z: is muted until 2026-03-01T12:30:00Z", said.WouldDo[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reads_at_night()
    {
        var (exit, output, errors) = await CommandRun.RunAsync("preview", "--format", "heartbeat", "--config", _run.Write("incidents.yaml", Bench.Yaml), _run.Write("body", ""));
        Assert.Equal((0, ""), (exit, errors));
        var lines = output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("heartbeat, sent to job as integration-job: 1 alert understood, 0 refused", lines[0]);
        Assert.Contains("    would     changes nothing but when job was last heard (never before): its alert does not fire", lines);
        Assert.Contains(lines, l => l.StartsWith("    would     if nothing is heard until ", StringComparison.Ordinal));
        Assert.Contains("    goes to   careful", lines);
    }

    [Fact]
    public async Task As_json_it_has_the_shape_of_the_others()
    {
        var (_, output, _) = await CommandRun.RunAsync("preview", "--format", "heartbeat", "--json", "--config", _run.Write("incidents.yaml", Bench.Yaml), _run.Write("body", "{"));
        Assert.Equal(["alerts", "refused", "routes", "wouldDo", "notes", "context"], JsonDocument.Parse(output).RootElement.EnumerateObject().Select(p => p.Name));
    }

    [Theory]
    [InlineData("no integration is declared with format: heartbeat; a beat is one integration's")]
    [InlineData("the integration generic takes generic-json, not heartbeats", "--integration", "generic")]
    public async Task Without_an_integration_that_is_sent_beats_it_is_one_line(string message, params string[] more)
    {
        var (exit, output, errors) = await CommandRun.RunAsync(["preview", "--format", "heartbeat", .. more, _run.Write("body", "")]);
        Assert.Equal((1, "", message), (exit, output, errors.TrimEnd('\n')));
    }
}
