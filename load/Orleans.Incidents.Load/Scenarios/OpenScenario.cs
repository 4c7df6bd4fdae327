using System.Diagnostics;
using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;

namespace Incidents.Load.Scenarios;

/// <summary>
/// Latency at a fixed rate: half of what the slowest peer takes in a closed loop, or the rate asked for. One request in a hundred
/// is a problem nobody has seen, and on our server the time until its page comes to a receiver is measured as well.
/// </summary>
internal static class OpenScenario
{
    private const string Fresh = "Fresh";
    private const int FreshEvery = 100;
    private static readonly TimeSpan Calibration = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LastPages = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<OpenResult>> RunAsync(RunContext context)
    {
        var options = context.Options;
        var rate = options.Rate > 0 ? options.Rate : await HalfLoadAsync(context);
        var results = new List<OpenResult>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var peer in round % 2 == 1 ? options.Peers : options.Peers.Reverse())
            {
                var result = await MeasureAsync(context, peer, rate, round);
                results.Add(result);
                RunContext.Say($"round {round} {peer}: {rate:N0} requests/s, p50 {result.P50Ms:F2} ms, p99 {result.P99Ms:F2} ms, pages p99 {result.PageP99Ms:F1} ms");
            }
        }

        return results;
    }

    private static async Task<double> HalfLoadAsync(RunContext context)
    {
        var slowest = double.MaxValue;
        foreach (var peer in context.Options.Peers)
        {
            await using var server = await context.StartAsync(peer, $"calibrate-{peer}");
            var requests = RequestSet.Covering("Load", context.Options.Keys[^1], 1, context.Token).Requests;
            using var generator = new Generator(server.Address, requests, context.Options.Connections);
            await generator.WarmAsync(TimeSpan.FromSeconds(context.Options.Warmup), context.Stop);
            var elapsed = await generator.CountAsync(Calibration, long.MaxValue, context.Stop);
            var reached = (await generator.EndAsync()).Latency.Count / elapsed.TotalSeconds;
            RunContext.Say($"{peer} takes {reached:N0} requests/s in a closed loop");
            slowest = Math.Min(slowest, reached);
        }

        return Math.Floor(slowest / 2);
    }

    private static async Task<OpenResult> MeasureAsync(RunContext context, string peer, double rate, int round)
    {
        var options = context.Options;
        var cell = $"open-{peer}-{round}";
        await using var receiver = await PageReceiver.StartAsync(Fresh);
        var folder = Directory.CreateDirectory(Path.Combine(context.Work, cell)).FullName;
        var paging = options with { Config = await receiver.ConfigureAsync(options.Config, folder) };
        await using var server = await (context with { Options = paging }).StartAsync(peer, cell);
        await WarmAsync(context, server);
        var length = TimeSpan.FromSeconds(options.Seconds);
        var warmup = TimeSpan.FromSeconds(options.Warmup);
        var plan = new Plan(options.Keys[^1], (int)((length + warmup).TotalSeconds * rate / FreshEvery) + 1, context.Token);
        var before = server.Cpu();
        var schedule = new Schedule(plan.Request, rate, warmup, length);
        var started = Stopwatch.GetTimestamp();
        var tally = await OpenLoop.RunAsync(server.Address, schedule, options.Connections * 4, warmup + length, context.Stop);
        var used = server.Cpu().Since(before);
        RunContext.RequireClean(server, tally);
        var pages = PeerFactory.IsOurs(peer) ? await PagesAsync(receiver, plan, rate, started, warmup, context.Stop) : new Histogram();
        return new OpenResult(
            peer, round, rate, options.Keys[^1], tally.Latency.Count, Ms(tally.Latency, 0.5), Ms(tally.Latency, 0.99), Ms(tally.Latency, 0.999), tally.Latency.Max / 1e6,
            pages.Count, Ms(pages, 0.5), Ms(pages, 0.99), pages.Max / 1e6, used.Server / (warmup + length).TotalSeconds, used.Other / (warmup + length).TotalSeconds, Curve(tally.Latency));
    }

    private static async Task WarmAsync(RunContext context, PeerServer server)
    {
        var requests = RequestSet.Covering("Load", context.Options.Keys[^1], 50, context.Token).Requests;
        using var generator = new Generator(server.Address, requests, 16);
        await generator.WarmAsync(TimeSpan.FromSeconds(context.Options.Warmup), context.Stop);
        RunContext.RequireClean(server, await generator.EndAsync());
    }

    // A page counts from the moment its alert was due to be sent.
    private static async Task<Histogram> PagesAsync(PageReceiver receiver, Plan plan, double rate, long started, TimeSpan warmup, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (receiver.Came.Count < plan.Sent && clock.Elapsed < LastPages)
            await Task.Delay(100, stop);
        if (receiver.Came.Count < plan.Sent)
            throw new LoadException($"{plan.Sent - receiver.Came.Count} of {plan.Sent} problems were not paged within {LastPages}");
        var pages = new Histogram();
        foreach (var (problem, came) in receiver.Came)
        {
            var due = TimeSpan.FromMilliseconds(Math.Ceiling(problem * FreshEvery * 1000 / rate));
            if (due >= warmup)
                pages.Record((long)(Stopwatch.GetElapsedTime(started, came) - due).TotalNanoseconds);
        }

        return pages;
    }

    private static double Ms(Histogram of, double share) => of.Percentile(share) / 1e6;

    private static double[] Curve(Histogram of) => [.. OpenResult.Shares.Select(s => Ms(of, s))];

    /// <summary>Repeats of known problems, every hundredth request a new one.</summary>
    private sealed class Plan(int keys, int fresh, string token)
    {
        private readonly byte[][] _repeats = RequestSet.Covering("Load", keys, 1, token).Requests;
        private readonly byte[][] _fresh = RequestSet.Once(Fresh, fresh, 1, token).Requests;
        private long _sent;

        /// <summary>How many new problems were handed out.</summary>
        public long Sent => Interlocked.Read(ref _sent);

        public byte[] Request(long number)
        {
            if (number % FreshEvery != 0)
                return _repeats[number % _repeats.Length];
            Interlocked.Increment(ref _sent);
            return _fresh[number / FreshEvery];
        }
    }
}
