using System.Diagnostics;
using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;

namespace Incidents.Load.Scenarios;

/// <summary>
/// The same requests against each peer in turn. Every measurement has a fresh server, is warmed with every group key, and is
/// next to the other peers' of the same cell; the order turns around from round to round, so that drift favours nobody.
/// </summary>
internal static class CompareScenario
{
    private const double NanosecondsPerMs = 1_000_000;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(RunContext context)
    {
        var options = context.Options;
        var results = new List<Measurement>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var batch in options.Batches)
            {
                foreach (var keys in options.Keys)
                    await CellAsync(context, round, batch, keys, results);
            }
        }

        return [.. results.OrderBy(r => r.Batch).ThenBy(r => r.Keys).ThenBy(r => r.Round)];
    }

    private static async Task CellAsync(RunContext context, int round, int batch, int keys, List<Measurement> results)
    {
        var requests = RequestSet.Covering("Load", keys, batch, context.Token);
        var peers = context.Options.Peers;
        var order = round % 2 == 1 ? peers : peers.Reverse();
        foreach (var (place, peer) in order.Index())
        {
            await using var server = await context.StartAsync(peer, $"{peer}-{batch}-{keys}-{round}");
            var result = await MeasureAsync(context, server, requests, keys);
            results.Add(result with { Round = round, Place = place + 1 });
            RunContext.Say($"round {round} batch {batch} keys {keys} {peer}: {result.AlertsPerSecond:N0} alerts/s, p99 {result.P99Ms:F2} ms");
        }
    }

    /// <summary>Warms a server with every request and then measures it, both in a closed loop.</summary>
    public static async Task<Measurement> MeasureAsync(RunContext context, PeerServer server, RequestSet requests, int keys)
    {
        var options = context.Options;
        var opened = await context.OpenGroupsAsync(server, requests);
        using var generator = new Generator(server.Address, requests.Requests, options.Connections);
        await generator.WarmAsync(TimeSpan.FromSeconds(options.Warmup), context.Stop);
        var before = server.Cpu();
        var mostAnswers = options.Alerts is { } alerts ? (alerts + requests.Batch - 1) / requests.Batch : long.MaxValue;
        var elapsed = await generator.CountAsync(TimeSpan.FromSeconds(options.Seconds), mostAnswers, context.Stop);
        var used = server.Cpu().Since(before);
        var tally = await generator.EndAsync();
        RunContext.RequireClean(server, tally);
        if (server.Peer.IsCluster)
        {
            var clock = Stopwatch.StartNew();
            await Filling.RestAsync(server.Store!, context.Stop);
            (elapsed, used) = (elapsed + clock.Elapsed, server.Cpu().Since(before));
        }

        var acknowledged = (opened + tally.Acknowledged) * requests.Batch;
        var counted = await ServerCountAsync(server, acknowledged, context.Stop);
        return Result(server.Peer.Name, requests.Batch, keys, elapsed.TotalSeconds, used, tally) with { Acknowledged = acknowledged, ServerCounted = counted };
    }

    private static Measurement Result(string peer, int batch, int keys, double seconds, CpuReading used, Tally tally)
    {
        var alerts = tally.Latency.Count * batch;
        if (alerts == 0)
            throw new LoadException($"{peer}: no request was answered in the measured time");
        return new Measurement(
            peer, batch, keys, 0, 0, seconds, alerts, alerts / seconds,
            tally.Latency.Percentile(0.5) / NanosecondsPerMs, tally.Latency.Percentile(0.99) / NanosecondsPerMs, tally.Latency.Max / NanosecondsPerMs,
            used.Server, used.Server * 1000 / alerts, used.Client, used.Other, used.PeakMemoryMb, 0, null) { StoreCpuSeconds = used.Store };
    }

    /// <summary>Where the server counts alerts itself, both books must agree to the alert.</summary>
    private static async Task<double?> ServerCountAsync(PeerServer server, long acknowledged, CancellationToken stop)
    {
        if (server.Peer.CountMetric is not { } metric)
            return null;
        var counted = MetricText.Sum(await server.MetricsAsync(stop), metric, "status=\"firing\"");
        return counted == acknowledged
            ? counted
            : throw new LoadException($"{server.Peer.Name} counts {counted} alerts, the client had {acknowledged} acknowledged");
    }
}
