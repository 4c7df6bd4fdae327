using System.Diagnostics;
using System.Globalization;
using Incidents.Acceptance.Durability;
using Incidents.Acceptance.Processes;
using Incidents.Alerts;
using Incidents.Decisions;

namespace Incidents.Acceptance.Stores;

/// <summary>Silos under load while their database stalls, restarts and crashes, their ways to it are cut, and they are killed: what senders were answered is there, once.</summary>
public class ChaosTests(ITestOutputHelper output)
{
    /// <summary>How many silos there are.</summary>
    public const int Count = 3;

    private const int Faults = 3;

    [Fact]
    public async Task Whatever_fails_all_is_well_afterwards_and_nothing_that_was_answered_is_missing_or_there_twice()
    {
        await Silos.RequireAsync();
        var seed = Setting.Number("INCIDENTS_CHAOS_SEED") ?? Random.Shared.Next();
        output.WriteLine($"INCIDENTS_CHAOS_SEED={seed}");
        var random = new Random(seed);
        using var postgres = PostgresServer.StartOwn();
        using var folder = new Folder(Store.Cluster, postgres);
        await using var pager = await Pager.StartAsync();
        await using var silos = await Silos.StartAsync(folder, pager.Url, Count, () => new Relay(postgres.Port));
        var chaos = new Chaos(silos, postgres, random, output.WriteLine);
        try
        {
            await RageAsync(silos, chaos, Draw(random, Setting.Number("INCIDENTS_CHAOS") ?? Faults), random);
            await AssertHoldsAsync(folder, silos, pager, chaos.Sent);
        }
        catch
        {
            foreach (var silo in silos.All)
                output.WriteLine($"{silo.Url}, running: {silo.IsRunning}\n{silo.Output}\n{silo.Errors}");
            throw;
        }
    }

    private async Task RageAsync(Silos silos, Chaos chaos, List<Fault> faults, Random random)
    {
        chaos.Send();
        for (var i = 0; i < faults.Count; i++)
        {
            await chaos.AnsweredAsync(random.Next(20, 150));
            await chaos.HappenAsync(faults[i]);

            // Now and then the next one comes while the last one's wounds are open.
            if (i < faults.Count - 1 && random.Next(3) == 0)
                continue;
            var started = Stopwatch.GetTimestamp();
            await chaos.ReplaceAsync();
            await AssertWellAsync(silos, $"after-{i}");
            output.WriteLine($"all is well after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        }

        await chaos.StopAsync();
        output.WriteLine($"{chaos.Sent.Count} alerts, {chaos.Sent.Count(s => s.Receipt is not null)} answered, {faults.Count} faults");
    }

    // Every kind once before any comes again.
    private static List<Fault> Draw(Random random, int count)
    {
        var drawn = new List<Fault>();
        while (drawn.Count < count)
        {
            Fault[] all = [.. Enum.GetValues<Fault>().Where(f => f is not (Fault.Deaf or Fault.Exile) || count > Faults)];
            random.Shuffle(all);
            drawn.AddRange(all);
        }

        return drawn[..count];
    }

    // The silos take alerts for every shard, and they are decided.
    private static async Task AssertWellAsync(Silos silos, string name)
    {
        var keys = Enumerable.Range(0, int.MaxValue).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}-{i}")).DistinctBy(ShardOf).Take(StreamId.Shards).ToList();
        await Task.WhenAll(silos.All.Select(async (silo, i) =>
        {
            using var sender = silo.As(TestConfig.Generic);
            var alerts = "[" + string.Join(',', keys.Where((_, place) => place % silos.All.Count == i).Select(Alert)) + "]";
            var taken = await Eventually.GetAsync($"{silo.Url} accepts", async () => await sender.PostAsync("/integrations/generic/alerts", alerts) is { Status: 202 } yes ? yes : null, Chaos.Patience);
            await Parallel.ForEachAsync(taken.Receipts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (receipt, _) =>
                Assert.Contains((await sender.OutcomeAsync(receipt)).GetProperty("reason").GetString(), new[] { "OpenedGroup", "Repeated" }));
        }));
    }

    private static string Alert(string key) => $$"""{"dedup_key":"{{key}}","title":"Problem {{key}}","severity":"critical"}""";

    private static int ShardOf(string key) => StreamId.GroupByKey("generic", LabelSet.Of("key", key).Fingerprint).Shard;

    private async Task AssertHoldsAsync(Folder folder, Silos silos, Pager pager, IReadOnlyCollection<Sent> sent)
    {
        var ledger = new Ledger();
        await ledger.CheckAsync(silos.All[0].Admin, sent);
        ledger.CheckTotals(sent);
        await ledger.CheckListAsync(silos.All[0].Admin, after: long.Parse(folder.Ask("SELECT max(position) FROM flush"), CultureInfo.InvariantCulture));
        output.WriteLine($"{ledger.Incidents.Count} incidents");
        await ledger.CheckPagesAsync(pager, Chaos.Patience);
        foreach (var silo in silos.All.ToList())
        {
            await silos.StopAsync(silo);
            Assert.DoesNotContain(PostgresServer.Password, silo.Output + silo.Errors);
        }

        folder.AssertVerifies();
    }
}
