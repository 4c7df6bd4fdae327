using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Intake;

/// <summary>Senders that should be heard.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private const string Beat = "/integrations/job/beat";

    private readonly Folder _folder = new();
    private Pager _pager = null!;
    private DeadMansSwitch _outside = null!;
    private ServerProcess _server = null!;

    [Fact]
    public async Task A_silent_job_is_not_taken_for_a_healthy_one()
    {
        using var job = _server.As(WatchConfig.Job);
        Assert.Equal(200, (await job.PostAsync(Beat)).Status);

        var incident = await WatchConfig.IncidentAsync(_server, "shop", "job is silent since 20");
        Assert.Equal("critical", (await _pager.PageOfAsync(incident)).Severity);
        Assert.Equal(200, (await job.PostAsync(Beat)).Status);
        await _folder.HoldsAsync("the incident is resolved", async () => await _server.Admin.StatusAsync(incident) == "resolved");
    }

    [Fact]
    public async Task A_job_that_was_never_heard_is_not_taken_for_a_healthy_one()
    {
        var incident = await WatchConfig.IncidentAsync(_server, "shop", "job was never heard since it was configured at 20");
        using var job = _server.As(WatchConfig.Job);
        await job.PostAsync(Beat);
        await _folder.HoldsAsync("the incident is resolved", async () => await _server.Admin.StatusAsync(incident) == "resolved");
    }

    [Fact]
    public async Task A_job_that_says_that_it_failed_is_heard_at_once()
    {
        using var slow = _server.As(WatchConfig.Slow);
        var failed = await slow.PostAsync("/integrations/slow/fail");
        Assert.Equal(200, failed.Status);
        var incident = (await _server.Admin.OutcomeAsync(failed["receipt"]!)).GetProperty("incident").GetString()!;
        Assert.Equal("slow says that it failed", (await _pager.PageOfAsync(incident)).Title);

        await slow.PostAsync("/integrations/slow/beat");
        await _folder.HoldsAsync("the incident is resolved", async () => await _server.Admin.StatusAsync(incident) == "resolved");
    }

    [Fact]
    public async Task A_silence_is_not_said_twice_after_a_crash_and_not_forgotten()
    {
        using (var job = _server.As(WatchConfig.Job))
            await job.PostAsync(Beat);
        var incident = await WatchConfig.IncidentAsync(_server, "shop", "job is silent");
        await _server.KillAsync();
        _server = await WatchConfig.ServeAsync(_folder, _pager.Url, _outside.Url, every: "2s");

        // It is said once more, and is the same alert.
        await Eventually.TrueAsync("the silence is known again", async () => (await _server.Admin.GetAsync("/metrics")).Text.Contains("incidents_beats_firing{otel_scope_name=\"Incidents\"} 1", StringComparison.Ordinal));
        Assert.Equal(incident, (await WatchConfig.OpenAsync(_server, "shop")).Single().GetProperty("id").GetString());
        using var again = _server.As(WatchConfig.Job);
        await again.PostAsync(Beat);
        await _folder.HoldsAsync("the incident is resolved", async () => await _server.Admin.StatusAsync(incident) == "resolved");
    }

    [Fact]
    public async Task Our_own_downtime_is_not_taken_for_the_silence_of_a_job()
    {
        DateTimeOffset due;
        using (var job = _server.As(WatchConfig.Job))
            due = DateTimeOffset.Parse((await job.PostAsync(Beat))["due"]!, System.Globalization.CultureInfo.InvariantCulture);
        await _server.KillAsync();
        await Eventually.TrueAsync("the job is overdue while nobody can hear it", () => DateTimeOffset.UtcNow > due + TimeSpan.FromSeconds(1));
        _server = await WatchConfig.ServeAsync(_folder, _pager.Url, _outside.Url, every: "2s");
        using var again = _server.As(WatchConfig.Job);
        Assert.Equal(200, (await again.PostAsync(Beat)).Status);

        // Had it been said, the beat would have resolved it.
        Assert.Empty(await _server.Admin.IncidentsAsync("&service=shop"));
    }

    [Fact]
    public async Task Beats_do_not_grow_the_journal()
    {
        using var slow = _server.As(WatchConfig.Slow);
        var first = DateTimeOffset.Parse((await slow.PostAsync("/integrations/slow/beat"))["due"]!, System.Globalization.CultureInfo.InvariantCulture);
        var before = (await _server.Admin.GetAsync("/api/v1/views"))["journal"];
        for (var i = 0; i < 200; i++)
            Assert.Equal(200, (await slow.GetAsync("/integrations/slow/beat")).Status);
        var last = DateTimeOffset.Parse((await slow.PostAsync("/integrations/slow/beat"))["due"]!, System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(last >= first);
        Assert.Equal(before, (await _server.Admin.GetAsync("/api/v1/views"))["journal"]);
        Assert.Contains("incidents_beats_total{otel_scope_name=\"Incidents\",outcome=\"stored\"} 1\n", (await _server.Admin.GetAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_of_a_beat_says_what_it_would_end_and_ends_nothing()
    {
        using var slow = _server.As(WatchConfig.Slow);
        var quiet = (await slow.PostAsync("/api/v1/preview/heartbeat")).Json.GetProperty("wouldDo");
        Assert.StartsWith("changes nothing but when slow was last heard (never before)", quiet[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        var failed = await slow.PostAsync("/integrations/slow/fail");
        var incident = (await _server.Admin.OutcomeAsync(failed["receipt"]!)).GetProperty("incident").GetString()!;

        var answer = await _server.Admin.PostAsync("/api/v1/preview/heartbeat?integration=slow");

        Assert.Equal(200, answer.Status);
        Assert.Equal(("AllAlertsEnded", incident), (answer.Json.GetProperty("wouldDo")[0].GetProperty("reason").GetString(), answer.Json.GetProperty("wouldDo")[0].GetProperty("incident").GetString()));
        Assert.NotEqual("resolved", await _server.Admin.StatusAsync(incident));
    }

    [Theory]
    [InlineData("GET", $"/integrations/slow/{WatchConfig.Slow}/beat", null, 200)]
    [InlineData("HEAD", $"/integrations/slow/beat?token={WatchConfig.Slow}", null, 200)]
    [InlineData("POST", "/integrations/slow/beat", WatchConfig.Slow, 200)]
    [InlineData("POST", "/integrations/slow/alerts", WatchConfig.Slow, 202)]
    [InlineData("PUT", "/integrations/slow/beat", WatchConfig.Slow, 405)]
    [InlineData("GET", "/integrations/slow/beat", null, 401)]
    [InlineData("GET", "/integrations/slow/beat", WatchConfig.Job, 403)]
    [InlineData("GET", "/integrations/nobody/beat", WatchConfig.Job, 404)]
    [InlineData("GET", "/integrations/generic/beat", TestConfig.Generic, 404)]
    public async Task A_beat_is_any_request_with_the_right_token_to_the_right_address(string method, string path, string? token, int status)
    {
        using var sender = _server.As(token);
        Assert.Equal(status, (await sender.SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).Status);
    }

    public async ValueTask InitializeAsync()
    {
        _pager = await Pager.StartAsync();
        _outside = await DeadMansSwitch.StartAsync();
        _server = await WatchConfig.ServeAsync(_folder, _pager.Url, _outside.Url, every: "2s");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _outside.DisposeAsync();
        await _pager.DisposeAsync();
        _folder.Dispose();
    }
}
