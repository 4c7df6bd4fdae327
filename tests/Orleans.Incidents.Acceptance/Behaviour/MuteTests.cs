using System.Globalization;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Behaviour;

/// <summary>prometheus/alertmanager #2496: what fires while its route is mute pages when the mute is over, or when it happens to be sent again, or never.</summary>
public class MuteTests
{
    /// <summary>The end of the mute is at least this far away when the alert is sent.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task An_alert_muted_when_it_came_is_not_forgotten_when_the_mute_ends()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        var now = DateTime.UtcNow;
        var end = new DateTime(now.Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, DateTimeKind.Utc).AddMinutes(1);
        if (end - now < Least)
            end = end.AddMinutes(1);
        var config = folder.Write("incidents.yaml", TestConfig.Text(pager.Url) + Muting(end));
        string receipt;
        await using (var server = await ServerProcess.StartAsync(folder, config, TestConfig.Environment))
        {
            receipt = (await server.Admin.AlertAsync("""{"title":"Muted","dedup_key":"muted","severity":"critical","labels":{"team":"muted"}}"""))[0];
            Assert.Equal($"muted until {end:yyyy-MM-ddTHH:mm}:00Z by interval now: no incident yet", await SummaryAsync(server, receipt));
            await server.StopAsync();
        }

        await using var again = await ServerProcess.StartAsync(folder, config, TestConfig.Environment);
        Assert.Empty(pager.Pages);
        var page = await Eventually.GetAsync("the page", () => Task.FromResult(pager.Pages.FirstOrDefault()), TimeSpan.FromSeconds(120));
        Assert.True(DateTime.UtcNow >= end, "paged inside the mute");
        Assert.Equal("Muted", page.Title);
        Assert.EndsWith($"incident {page.Incident} since", await SummaryAsync(again, receipt));
    }

    [Fact]
    public async Task A_mute_without_an_end_that_a_changed_file_lifts_waits_for_no_signal()
    {
        const string route = """

                - { receiver: default, matchers: ['team = "muted"']MUTED }
            """;
        const string always = """

            time_intervals:
              - { name: always, time_intervals: [{ times: [{ start_time: "00:00", end_time: "24:00" }] }] }
            """;
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        var text = TestConfig.Text(pager.Url) + route;
        var config = folder.Write("incidents.yaml", text.Replace("MUTED", ", mute_time_intervals: [always]", StringComparison.Ordinal) + always);
        string receipt;
        await using (var server = await ServerProcess.StartAsync(folder, config, TestConfig.Environment))
        {
            receipt = (await server.Admin.AlertAsync("""{"title":"Muted","severity":"critical","labels":{"team":"muted"}}"""))[0];
            Assert.Equal("muted for years to come by interval always: no incident yet", await SummaryAsync(server, receipt));
            await server.StopAsync();
        }

        folder.Write("incidents.yaml", text.Replace("MUTED", "", StringComparison.Ordinal));
        await using var again = await ServerProcess.StartAsync(folder, config, TestConfig.Environment);
        var page = await Eventually.GetAsync("the page", () => Task.FromResult(pager.Pages.FirstOrDefault()), TimeSpan.FromSeconds(60));
        Assert.Equal("Muted", page.Title);
    }

    private static async Task<string> SummaryAsync(ServerProcess server, string receipt) => (await server.Admin.OutcomeAsync(receipt)).GetProperty("summary").GetString()!;

    // Ranges end at midnight, which the minutes before the end may lie on either side of.
    private static string Muting(DateTime end)
    {
        var start = end.AddMinutes(-5);
        var ranges = start.Date == end.Date ? Range(Clock(start), Clock(end)) : end.TimeOfDay < TimeSpan.FromMinutes(1) ? Range(Clock(start), "24:00") : $"{Range(Clock(start), "24:00")}, {Range("00:00", Clock(end))}";
        return $$"""

                - { receiver: default, matchers: ['team = "muted"'], mute_time_intervals: [now] }
            time_intervals:
              - { name: now, time_intervals: [{ times: [{{ranges}}] }] }
            """;
    }

    private static string Range(string start, string end) => $$"""{ start_time: "{{start}}", end_time: "{{end}}" }""";

    private static string Clock(DateTime at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);
}
