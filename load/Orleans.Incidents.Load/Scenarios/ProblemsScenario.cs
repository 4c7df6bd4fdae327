using System.Diagnostics;
using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;

namespace Incidents.Load.Scenarios;

/// <summary>
/// Every alert is a problem of its own. The clock runs from the first request until our server's own counter shows a page
/// enqueued for each. As many under other names warm the server first.
/// </summary>
internal static class ProblemsScenario
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(25);

    public static async Task<IReadOnlyList<ProblemsResult>> RunAsync(RunContext context)
    {
        var results = new List<ProblemsResult>();
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            foreach (var peer in round % 2 == 1 ? context.AllOurs : context.AllOurs.Reverse())
            {
                await using var server = await context.StartAsync(peer, $"problems-{peer}-{round}");
                _ = await OpenAsync(context, server, Once(context, "Warm"), context.Options.Problems);
                var result = await OpenAsync(context, server, Once(context, "Problem"), context.Options.Problems);
                results.Add(result with { Round = round });
                RunContext.Say($"round {round} {peer}: {result.PagesPerSecond:N0} pages/s, {result.CpuSecondsPer1000:F3} CPU s per 1,000");
            }
        }

        return results;
    }

    /// <summary>Opens distinct problems and waits for the page of each.</summary>
    public static async Task<ProblemsResult> OpenAsync(RunContext context, PeerServer server, RequestSet set, int problems)
    {
        var options = context.Options;
        var requests = set.Requests;
        var target = await PagesAsync(context, server, orZero: true) + problems;
        var before = server.Cpu();
        var clock = Stopwatch.StartNew();
        using var generator = new Generator(server.Address, requests, options.Connections, requests.Length);
        var answered = generator.Finished.ContinueWith(_ => clock.Elapsed, context.Stop, TaskContinuationOptions.None, TaskScheduler.Default);
        var (paged, gap) = await UntilPagedAsync(context, server, generator, target, clock);
        var used = server.Cpu().Since(before);
        var tally = await generator.EndAsync();
        RunContext.RequireClean(server, tally);
        return new ProblemsResult(
            0, problems, set.Batch, (await answered).TotalSeconds, paged.TotalSeconds, problems / paged.TotalSeconds, gap.TotalMilliseconds,
            tally.Latency.Percentile(0.5) / 1e6, tally.Latency.Percentile(0.99) / 1e6, used.Server * 1000 / problems, used.PeakMemoryMb)
        {
            Peer = server.Peer.Name, StoreCpuSecondsPer1000 = used.Store * 1000 / problems,
        };
    }

    private static RequestSet Once(RunContext context, string prefix) => RequestSet.Once(prefix, context.Options.Problems, context.Options.Batches[^1], context.Token);

    private static async Task<(TimeSpan At, TimeSpan Gap)> UntilPagedAsync(
        RunContext context, PeerServer server, Generator generator, double target, Stopwatch clock)
    {
        var last = TimeSpan.Zero;
        while (true)
        {
            // The exporter keeps a scrape for a moment: the counter may come into being a little after its first count.
            var pages = await PagesAsync(context, server, orZero: clock.Elapsed < TimeSpan.FromSeconds(2));
            var now = clock.Elapsed;
            if (pages > target)
                throw new LoadException($"{pages - target} pages more than problems were enqueued: the configuration pages more than once");
            if (pages == target)
                return (now, now - last);
            if (now > TimeSpan.FromSeconds(context.Options.Timeout))
                await FailAsync(server, generator, target - pages);
            last = now;
            await Task.Delay(ReadEvery, context.Stop);
        }
    }

    private static async Task FailAsync(PeerServer server, Generator generator, double missing)
    {
        RunContext.RequireClean(server, await generator.EndAsync());
        throw new LoadException($"{missing} problems have no page enqueued when the time is over");
    }

    /// <summary>The counter's reading. A counter may be absent until it first counts, but not once everything was answered.</summary>
    private static async Task<double> PagesAsync(RunContext context, PeerServer server, bool orZero)
    {
        var text = await server.MetricsAsync(context.Stop);
        var name = context.Options.PageMetric;
        return MetricText.Sum(text, name) ?? (orZero
            ? 0
            : throw new LoadException($"no metric {name} (choose --page-metric) among: {string.Join(' ', MetricText.Names(text))}"));
    }
}
