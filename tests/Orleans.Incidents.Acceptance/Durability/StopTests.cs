using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>The server is asked to stop while it works.</summary>
public class StopTests
{
    private readonly Store? _store;

    public StopTests()
    {
    }

    private protected StopTests(Store store) => _store = store;

    [Fact]
    public async Task A_stop_under_load_drains_and_loses_nothing_that_was_answered()
    {
        using var folder = new Folder(_store);
        await using var pager = await Pager.StartAsync();
        var ledger = new Ledger();
        Traffic traffic;
        await using (var server = await TestConfig.ServeAsync(folder, pager.Url))
        {
            traffic = new Traffic(server.Url, "stop", seed: 1);
            traffic.Start();
            await Eventually.TrueAsync("100 answers", () => traffic.Answers >= 100);

            server.Terminate();

            Assert.Equal(0, await server.ExitAsync(TimeSpan.FromSeconds(10)));

            // Orleans warns of every turn and every answer that takes long on a busy machine.
            Assert.All(server.Errors.Split('\n'), line => Assert.True(line.Contains(" information ", StringComparison.Ordinal) || (folder.Store == Store.Cluster && line.Contains(" warning ", StringComparison.Ordinal)), line));
            await traffic.StopAsync();
        }

        Assert.All(traffic.Others, status => Assert.Contains(status, new[] { 0, 503 }));
        folder.AssertVerifies();
        await using var again = await TestConfig.ServeAsync(folder, pager.Url);
        await ledger.CheckAsync(again.Admin, traffic.Sent);
        ledger.CheckTotals(traffic.Sent);
        await ledger.CheckListAsync(again.Admin, after: 0);
    }
}
