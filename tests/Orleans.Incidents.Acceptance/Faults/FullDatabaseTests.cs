using Incidents.Acceptance.Durability;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Faults;

/// <summary>The disk of the PostgreSQL server's data runs full under load, on a real file system, and gets room again.</summary>
public class FullDatabaseTests
{
    private const string Late = """{"dedup_key":"late","title":"Problem late","severity":"critical"}""";

    [Fact]
    public async Task A_full_disk_of_the_database_stops_accepting_loses_nothing_and_is_left_behind_by_itself()
    {
        PostgresServer.Require();
        await using var disk = await SmallDisk.MountAsync(megabytes: 80);
        using var postgres = PostgresServer.StartOwn(data: disk.At("data"));
        var connection = postgres.Connection(postgres.CreateDatabase());
        using var folder = new Folder(Store.Sqlite);
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url, "--postgres", connection);
        var (before, ledger) = (new Traffic(server.Url, "before", seed: 3), new Ledger());
        using var sender = server.As(TestConfig.Generic);
        before.Start();
        await Eventually.TrueAsync("50 answers", () => before.Answers >= 50);
        var receipt = (await sender.AlertAsync("""{"dedup_key":"early","title":"Problem early","severity":"critical"}"""))[0];
        var early = (await server.Admin.OutcomeAsync(receipt)).GetProperty("incident").GetString()!;

        disk.Fill();
        await Eventually.TrueAsync("a 503", () => before.Others.Contains(503), TimeSpan.FromMinutes(1));
        await before.StopAsync();
        Assert.All(before.Others, status => Assert.Equal(503, status));

        // What little room is left in pages that are there would do for a small alert; behind one that needs more nothing goes on.
        var large = sender.PostAsync("/integrations/generic/alerts", Large());
        await Eventually.TrueAsync("alerts are refused", async () => (await sender.PostAsync("/integrations/generic/alerts", Late)).Status == 503);
        await AssertSaysSoAsync(server, sender);
        Assert.Equal("Problem early", (await server.Admin.IncidentAsync(early)).GetProperty("title").GetString());
        Assert.Equal(early, (await server.Admin.OutcomeAsync(receipt)).GetProperty("incident").GetString());
        Assert.Equal(200, (await server.Admin.GetAsync($"/api/v1/incidents/{early}/timeline")).Status);

        disk.Clear();
        Assert.Contains((await large).Status, new[] { 202, 503 });
        await Eventually.TrueAsync("ready again", async () => (await server.Admin.GetAsync("/readyz")).Status == 200);
        var after = new Traffic(server.Url, "after", seed: 4);
        after.Start();
        await Eventually.TrueAsync("50 answers", () => after.Answers >= 50);
        await after.StopAsync();

        Assert.Empty(after.Others);
        List<Sent> all = [.. before.Sent, .. after.Sent];
        await ledger.CheckAsync(server.Admin, all);
        ledger.CheckTotals(all);
        Assert.Contains("FlushRecovered", server.Errors);
        await server.StopAsync();
        Assert.Equal(0, (await ServerBinary.RunAsync("audit", "verify", "--postgres", connection)).Exit);
    }

    // Bytes that do not compress, from a seed.
    private static string Large()
    {
        var bytes = new byte[200_000];
        new Random(1).NextBytes(bytes);
        return $$"""{"dedup_key":"large","title":"Problem large","severity":"critical","annotations":{"log":"{{Convert.ToBase64String(bytes)}}"} }""";
    }

    private static async Task AssertSaysSoAsync(ServerProcess server, Api sender)
    {
        var refused = await sender.PostAsync("/integrations/generic/alerts", Late);
        Assert.Equal((503, "Overloaded"), (refused.Status, refused["reason"]));
        Assert.Contains("the database's disk is full", refused["detail"]);
        Assert.Contains("nothing of this request was taken in", refused["detail"]);
        var ready = await server.Admin.GetAsync("/readyz");
        Assert.Equal(503, ready.Status);
        Assert.Contains("the database's disk is full", ready["detail"]);
        Assert.Equal(200, (await server.Admin.GetAsync("/healthz")).Status);
    }
}
