using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;

namespace Incidents.Load.Scenarios;

/// <summary>
/// The managed heap that an alert group costs while its alert is sent again and again, after a full collection: what the heap has
/// grown by since a few groups of other names warmed the server, over the number of groups. Alertmanager is asked to collect in
/// its own way.
/// </summary>
internal static class HeapScenario
{
    private const int WarmKeys = 200;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<HeapResult>> RunAsync(RunContext context)
    {
        var results = new List<HeapResult>();
        foreach (var peer in context.Options.Peers.Where(p => p != PeerFactory.Bare))
        {
            await using var server = await context.StartAsync(peer, $"heap-{peer}");
            await SendAsync(context, server, "Warm", WarmKeys, times: 5);
            await Task.Delay(Settle, context.Stop);
            var before = await HeapAsync(server, context.Stop);
            var keys = context.Options.Keys[^1];
            await SendAsync(context, server, "Load", keys, times: 3);
            await Task.Delay(Settle, context.Stop);
            var fresh = await HeapAsync(server, context.Stop);
            await KeepHotAsync(context, server, keys);
            var hot = await HeapAsync(server, context.Stop);
            var result = new HeapResult(peer, keys, context.Options.Minutes, before, fresh, hot, (fresh - before) / keys, (hot - before) / keys);
            results.Add(result);
            RunContext.Say($"{peer}: {result.BytesPerGroupFresh:N0} bytes a group when opened, {result.BytesPerGroupHot:N0} after {context.Options.Minutes} minutes of repeats");
        }

        return results;
    }

    private static async Task KeepHotAsync(RunContext context, PeerServer server, int keys)
    {
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(context.Options.Minutes); passed += Every)
        {
            await Task.Delay(Every, context.Stop);
            await SendAsync(context, server, "Load", keys, times: 1);
        }
    }

    private static async Task SendAsync(RunContext context, PeerServer server, string prefix, int keys, int times)
    {
        var requests = RequestSet.Covering(prefix, keys, 50, context.Token).Requests;
        using var generator = new Generator(server.Address, requests, 8, (long)requests.Length * times);
        await generator.Finished;
        RunContext.RequireClean(server, await generator.EndAsync());
    }

    private static async Task<double> HeapAsync(PeerServer server, CancellationToken stop)
    {
        if (!PeerFactory.IsOurs(server.Peer.Name))
        {
            await server.GetAsync("/debug/pprof/heap?gc=1", stop);
            return Require(await server.MetricsAsync(stop), "go_memstats_alloc_bytes");
        }

        await FullCollection.RunAsync(server.Process.Pid, stop);
        await Task.Delay(TimeSpan.FromSeconds(1), stop);
        var metrics = await server.MetricsAsync(stop);
        return Require(metrics, "dotnet_gc_last_collection_heap_size_bytes") - Require(metrics, "dotnet_gc_last_collection_heap_fragmentation_size_bytes");
    }

    private static double Require(string metrics, string name) => MetricText.Sum(metrics, name) ?? throw new LoadException($"no metric {name}");
}
