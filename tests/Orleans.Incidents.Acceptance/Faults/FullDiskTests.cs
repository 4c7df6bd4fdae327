using Incidents.Acceptance.Durability;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Faults;

/// <summary>The disk runs full under load, on a real file system, and gets room again.</summary>
public class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_stops_accepting_loses_nothing_and_is_left_behind_by_itself()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 24);
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var server = await ServerProcess.StartAsync(disk.At("data"), folder.Write("incidents.yaml", TestConfig.Text(pager.Url)), TestConfig.Environment);
        var (before, ledger) = (new Traffic(server.Url, "before", seed: 3), new Ledger());
        using var sender = server.As(TestConfig.Generic);
        before.Start();
        await Eventually.TrueAsync("50 answers", () => before.Answers >= 50);
        var receipt = (await sender.AlertAsync("""{"dedup_key":"early","title":"Problem early","severity":"critical"}"""))[0];
        var early = (await server.Admin.OutcomeAsync(receipt)).GetProperty("incident").GetString()!;

        disk.Fill();
        await Eventually.TrueAsync("a 503", () => before.Others.Contains(503));
        await before.StopAsync();
        Assert.All(before.Others, status => Assert.Equal(503, status));
        await AssertSaysSoAsync(server, sender);
        await AssertReadsGoOnAsync(server, early, receipt);

        disk.Clear();
        await Eventually.TrueAsync("ready again", async () => (await server.Admin.GetAsync("/readyz")).Status == 200);
        var after = new Traffic(server.Url, "after", seed: 4);
        after.Start();
        await Eventually.TrueAsync("50 answers", () => after.Answers >= 50);
        await after.StopAsync();

        Assert.Empty(after.Others);
        List<Sent> all = [.. before.Sent, .. after.Sent];
        await ledger.CheckAsync(server.Admin, all);
        ledger.CheckTotals(all);
        var position = (await server.Admin.GetAsync($"/api/v1/receipts/{receipt}")).Json.GetProperty("position").GetInt64();
        await ledger.CheckListAsync(server.Admin, position);
        Assert.Contains("FlushRecovered", server.Errors);
        await server.StopAsync();
        Folder.AssertVerifies(Path.Combine(disk.At("data"), "journal.db"));
    }

    private static async Task AssertSaysSoAsync(ServerProcess server, Api sender)
    {
        var refused = await sender.PostAsync("/integrations/generic/alerts", """{"dedup_key":"late","title":"Problem late","severity":"critical"}""");
        Assert.Equal((503, "application/problem+json", "Overloaded"), (refused.Status, refused.MediaType, refused["reason"]));
        Assert.Contains("disk is full", refused["detail"]);
        Assert.Contains("nothing of this request was taken in", refused["detail"]);
        Assert.NotNull(refused.Headers.RetryAfter);
        var ready = await server.Admin.GetAsync("/readyz");
        Assert.Equal(503, ready.Status);
        Assert.Contains("disk is full", ready["detail"]);
        Assert.Equal(200, (await server.Admin.GetAsync("/healthz")).Status);
        var metrics = (await server.Admin.GetAsync("/metrics")).Text;
        Assert.Matches("(?m)^incidents_ready.* 0$", metrics);
        Assert.Matches("(?m)^incidents_disk_free_bytes.* 0$", metrics);
        Assert.Matches("(?m)^incidents_journal_flush_failures_total.* [1-9]", metrics);
    }

    private static async Task AssertReadsGoOnAsync(ServerProcess server, string incident, string receipt)
    {
        Assert.Equal("Problem early", (await server.Admin.IncidentAsync(incident)).GetProperty("title").GetString());
        Assert.Equal(incident, (await server.Admin.OutcomeAsync(receipt)).GetProperty("incident").GetString());
        Assert.Equal(200, (await server.Admin.GetAsync($"/api/v1/incidents/{incident}/timeline")).Status);
        Assert.NotEmpty(await server.Admin.IncidentsAsync());
    }
}
