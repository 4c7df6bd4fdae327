using System.Diagnostics;
using Incidents.Cluster.Tests.Silos;
using Incidents.Decisions;
using Incidents.Testing;

namespace Incidents.Cluster.Tests;

/// <summary>Silos in processes of their own that are killed or stand still.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Shards_of_a_killed_silo_are_decided_for_again_and_nothing_is_lost()
    {
        await using var silos = await SiloCluster.StartAsync(2);
        var victim = await silos.AddProcessAsync();
        await Eventually.TrueAsync("it has its share", () => silos.SharesOf(victim.Name) >= 50 && silos.Up.Sum(n => n.Host.Shards.Count) + silos.SharesOf(victim.Name) == StreamId.Shards);
        var orphaned = silos.ShardsOf(victim.Name);
        var over = false;
        var sending = silos.SendAsync(300, () => Volatile.Read(ref over), batch: 3);

        victim.Kill();
        var killed = Stopwatch.GetTimestamp();
        var decided = await Task.WhenAll(orphaned.Select(async shard =>
        {
            var service = Enumerable.Range(0, int.MaxValue).Select(i => StreamId.Service($"s{i}")).First(s => s.Shard == shard);
            await silos.Up[shard % 2].Actors.ReadAsync(service);
            return Stopwatch.GetElapsedTime(killed);
        }));
        Volatile.Write(ref over, true);

        var t0 = Stopwatch.GetTimestamp();
        var books = await sending;
        try { await silos.AssertBooksAsync(books); }
        catch (TimeoutException)
        {
            output.WriteLine($"books {books.Count} pages {silos.Pages.Count} {Stopwatch.GetElapsedTime(t0)}");
            output.WriteLine(silos.Store.Ask("select string_agg(x::text, ' ') from (select lane, due<0, shard, count(*), max(attempts) from message group by 1,2,3) x"));
            output.WriteLine(silos.Store.Ask("select string_agg(x::text, ' ') from (select n.name, count(*) from shard s left join node n on n.id=s.node group by 1) x"));
            foreach (var (n, g) in books)
            {
                var opened = silos.Store.Read(g).OfType<Grouping.GroupOpened>().FirstOrDefault();
                if (opened is null) { output.WriteLine($"not opened {n} {g} {g.Shard}"); continue; }
                if (!silos.Pages.Keys.Any(p => p.StartsWith(opened.Incident, StringComparison.Ordinal)))
                    output.WriteLine($"no page {n} {g} {g.Shard} {orphaned.Contains(g.Shard)} inc shard {StreamId.Incident(opened.Incident).Shard} {string.Join(" ", silos.Store.Read(StreamId.Incident(opened.Incident)).Select(e => e.GetType().Name))}");
            }
            throw;
        }
        await silos.SettleAsync();
        output.WriteLine($"{decided.Length} shards decided again after {decided.Min().TotalMilliseconds:0} to {decided.Max().TotalMilliseconds:0} ms");
    }
}
