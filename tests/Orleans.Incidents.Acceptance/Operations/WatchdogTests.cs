using System.Globalization;
using System.Text.Json;
using Incidents.Acceptance.Processes;
using Incidents.Journal.Sqlite;

namespace Incidents.Acceptance.Operations;

/// <summary>The server notices what it forgot. Its timers are taken from the journal while it does not run, as a defect would.</summary>
public sealed class WatchdogTests
{
    [Fact]
    public async Task A_stalled_escalation_is_not_left_unnoticed()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var outside = await DeadMansSwitch.StartAsync();
        var (server, stuck) = await StallAsync(folder, pager, outside, count: 1, timeout: "5s");
        await using (server)
        {
            var incident = await WatchConfig.IncidentAsync(server, "ops", "1 escalation stands still");
            Assert.Contains(stuck[0], (await server.Admin.IncidentAsync(incident)).GetProperty("title").GetString(), StringComparison.Ordinal);
            Assert.Equal("critical", (await pager.PageOfAsync(incident)).Severity);
            Assert.Contains("watchdog", (await server.Admin.GetAsync($"/api/v1/incidents/{incident}/timeline")).Text, StringComparison.Ordinal);
            Assert.Contains("WatchdogFinding", server.Errors, StringComparison.Ordinal);
            Assert.Contains("incidents_watchdog_findings{otel_scope_name=\"Incidents\",kind=\"stalled_escalations\"} 1", (await server.Admin.GetAsync("/metrics")).Text, StringComparison.Ordinal);

            // The calls stay out while something is stuck, and begin again when somebody has taken it on.
            var during = outside.Calls;
            for (var i = 0; i < 3; i++)
                await server.CheckedAsync();
            Assert.Equal(during, outside.Calls);
            await server.Admin.PostAsync($"/api/v1/incidents/{stuck[0]}/acknowledge");
            await Eventually.TrueAsync("the watchdog's incident resolved", async () => await server.Admin.StatusAsync(incident) == "resolved", TimeSpan.FromSeconds(60));
            await outside.FurtherAsync(2);
            Assert.DoesNotContain("0123-secret", server.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Five_hundred_stuck_escalations_are_not_five_hundred_pages()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var outside = await DeadMansSwitch.StartAsync();
        var (server, stuck) = await StallAsync(folder, pager, outside, count: 500, timeout: "30s");
        await using (server)
        {
            var incident = await WatchConfig.IncidentAsync(server, "ops", "500 escalations stand still, such as ");
            await pager.PageOfAsync(incident);
            Assert.Single(await WatchConfig.OpenAsync(server, "ops"));
            Assert.Single(pager.Pages.Select(p => p.Id).Distinct());

            // A budget of others is as full as before: the next problem has an incident and a page of its own.
            await pager.PageOfAsync(await server.Admin.OpenAsync("""{"dedup_key":"next","title":"Next","severity":"critical"}"""));
            Assert.Equal(500, stuck.Distinct().Count());
        }
    }

    /// <summary>Opens incidents, takes the time-outs of their escalations out of the journal, and starts the server again.</summary>
    private static async Task<(ServerProcess Server, List<string> Stuck)> StallAsync(Folder folder, Pager pager, DeadMansSwitch outside, int count, string timeout)
    {
        List<string> opened;
        await using (var server = await WatchConfig.ServeAsync(folder, pager.Url, outside.Url, timeout))
        {
            var alerts = Enumerable.Range(0, count).Select(i => new { dedup_key = $"p{i.ToString(CultureInfo.InvariantCulture)}", title = $"Problem {i.ToString(CultureInfo.InvariantCulture)}", severity = "critical", labels = new { team = "crowd" } });
            await server.Admin.AlertAsync(JsonSerializer.Serialize(alerts));
            opened = [.. (await Eventually.GetAsync<List<JsonElement>>("all incidents in the list", async () =>
                await server.Admin.IncidentsAsync() is var all && all.Count == count ? all : null)).Select(i => i.GetProperty("id").GetString()!)];
            await server.StopAsync();
        }

        using (var journal = new Database(folder.Journal, readOnly: false))
        {
            Assert.Equal(count, journal.Number("SELECT count(*) FROM message WHERE type='incident:escalate'"));
            journal.Execute("DELETE FROM message WHERE type='incident:escalate'");
        }

        return (await WatchConfig.ServeAsync(folder, pager.Url, outside.Url, timeout), opened);
    }
}
