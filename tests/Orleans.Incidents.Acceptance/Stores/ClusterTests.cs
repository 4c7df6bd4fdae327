using System.Diagnostics;
using Incidents.Acceptance.Durability;
using Incidents.Acceptance.Processes;
using Npgsql;

namespace Incidents.Acceptance.Stores;

/// <summary>Silos that are killed, stopped and replaced while senders send: what they were answered is there, once.</summary>
[Collection(typeof(OneCluster))]
public class ClusterTests(ITestOutputHelper output)
{
    private const int Kills = 1;

    [Fact]
    public async Task Silos_that_are_killed_and_replaced_lose_nothing_that_was_answered_and_page_once()
    {
        await Silos.RequireAsync();
        var seed = Setting.Number("INCIDENTS_KILL_SEED") ?? Random.Shared.Next();
        output.WriteLine($"INCIDENTS_KILL_SEED={seed}");
        var random = new Random(seed);
        using var folder = new Folder(Store.Cluster);
        await using var pager = await Pager.StartAsync();
        await using var silos = await Silos.StartAsync(folder, pager.Url, count: 3);
        var (ledger, all) = (new Ledger(), new List<Sent>());
        for (var round = 0; round < (Setting.Number("INCIDENTS_KILLS") ?? Kills); round++)
        {
            var traffic = silos.All.Select((silo, i) => new Traffic(silo.Url, $"r{round}-{i}", random.Next(), connections: 2)).ToList();
            traffic.ForEach(t => t.Start());
            await Eventually.TrueAsync("50 answers of each", () => traffic.TrueForAll(t => t.Answers >= 50));
            var victim = random.Next(silos.All.Count);
            await silos.KillAsync(silos.All[victim]);
            var before = traffic.Sum(t => t.Answers);
            var started = Stopwatch.GetTimestamp();
            await Eventually.TrueAsync("acceptance goes on", () => traffic.Sum(t => t.Answers) >= before + 100);
            var accepted = Stopwatch.GetElapsedTime(started);
            await AssertDecidesEverythingAsync(silos.All[0], $"after-{round}");
            output.WriteLine($"100 answers within {accepted.TotalMilliseconds:0} ms of the kill, every shard decides again within {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
            await Task.WhenAll(traffic.Select(t => t.StopAsync()));
            all.AddRange(traffic.SelectMany(t => t.Sent));
            await silos.AddAsync();
        }

        await ledger.CheckAsync(silos.All[0].Admin, all);
        await ledger.CheckPagesAsync(pager, TimeSpan.FromSeconds(60));
        await AssertHoldsAsync(folder, silos, ledger, all);
    }

    [Fact]
    public async Task A_rolling_restart_under_load_refuses_nothing()
    {
        await Silos.RequireAsync();
        using var folder = new Folder(Store.Cluster);
        await using var pager = await Pager.StartAsync();
        await using var silos = await Silos.StartAsync(folder, pager.Url, count: 2);
        var (ledger, all) = (new Ledger(), new List<Sent>());
        for (var round = 0; round < 2; round++)
        {
            var stays = await silos.AddAsync();
            var traffic = new Traffic(stays.Url, $"roll-{round}", seed: round);
            traffic.Start();
            await Eventually.TrueAsync("50 answers", () => traffic.Answers >= 50);
            await silos.StopAsync(silos.All[0]);
            var before = traffic.Answers;
            await Eventually.TrueAsync("100 further answers", () => traffic.Answers >= before + 100);
            await traffic.StopAsync();
            Assert.Empty(traffic.Others);
            all.AddRange(traffic.Sent);
        }

        await ledger.CheckAsync(silos.All[0].Admin, all);
        await AssertHoldsAsync(folder, silos, ledger, all);
    }

    [Fact]
    public async Task A_silo_that_leaves_service_says_why_and_is_gone_in_time_though_the_database_does_not_take_its_farewell()
    {
        await Silos.RequireAsync();
        using var folder = new Folder(Store.Cluster);
        await using var silos = await Silos.StartAsync(folder, "http://127.0.0.1:9/page", count: 1);
        var silo = silos.All[0];
        using var sender = silo.As(TestConfig.Generic);
        await sender.AlertAsync("""{"title":"Disk full","severity":"critical"}""");
        await using var membership = new NpgsqlConnection(folder.Connection);
        await membership.OpenAsync(TestContext.Current.CancellationToken);
        await using var held = new NpgsqlCommand("BEGIN; LOCK TABLE silo, cluster", membership);
        await held.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        // A server that came back with less than it had confirmed.
        folder.Ask("UPDATE log_end SET position=position-1");
        var late = new Traffic(silo.Url, "late", seed: 1, connections: 1);
        late.Start();

        Assert.Equal(1, await silo.ExitAsync(Eventually.Patience));
        await late.StopAsync();
        Assert.Equal(0, late.Answers);
        Assert.Contains(503, late.Others);
        Assert.Contains("LeftService", silo.Errors);
        Assert.Contains("has lost flushes that it had confirmed", silo.Errors);
    }

    private async Task AssertHoldsAsync(Folder folder, Silos silos, Ledger ledger, List<Sent> all)
    {
        ledger.CheckTotals(all);
        output.WriteLine($"{all.Count} alerts, {all.Count(s => s.Receipt is not null)} answered, {ledger.Incidents.Count} incidents");
        foreach (var silo in silos.All.ToList())
            await silos.StopAsync(silo);
        folder.AssertVerifies();
        Assert.All(silos.All, s => Assert.DoesNotContain(PostgresServer.Password, s.Output + s.Errors));
    }

    // Alerts for many groups, which lie in shards of all silos.
    private static async Task AssertDecidesEverythingAsync(ServerProcess silo, string name)
    {
        using var sender = silo.As(TestConfig.Generic);
        foreach (var receipt in await sender.AlertAsync("[" + string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"dedup_key":"{{name}}-{{i}}","title":"Problem {{name}}-{{i}}","severity":"critical"}""")) + "]"))
            Assert.Equal("OpenedGroup", (await sender.OutcomeAsync(receipt)).GetProperty("reason").GetString());
    }
}
