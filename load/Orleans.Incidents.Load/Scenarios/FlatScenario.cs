using System.Diagnostics;
using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;

namespace Incidents.Load.Scenarios;

/// <summary>Memory of our server over minutes of repeats at a fixed rate: resident size every few seconds, and the trend of the second half.</summary>
internal static class FlatScenario
{
    private const double DefaultRate = 2_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    public static async Task<FlatResult> RunAsync(RunContext context)
    {
        var options = context.Options;
        var rate = options.Rate > 0 ? options.Rate : DefaultRate;
        var length = TimeSpan.FromMinutes(options.Minutes);
        await using var server = await context.StartAsync(context.Ours, "flat");
        var requests = RequestSet.Covering("Load", options.Keys[^1], 1, context.Token).Requests;
        var schedule = new Schedule(number => requests[number % requests.Length], rate, TimeSpan.Zero, length);
        var before = server.Cpu();
        var sending = OpenLoop.RunAsync(server.Address, schedule, options.Connections, length, context.Stop);
        var samples = new List<MemorySample>();
        for (var clock = Stopwatch.StartNew(); !sending.IsCompleted; await Task.WhenAny(sending, Task.Delay(Every, context.Stop)))
            samples.Add(new MemorySample(clock.Elapsed.TotalSeconds, ProcessTree.ResidentMb(server.Process.Pid)));
        RunContext.RequireClean(server, await sending);
        var used = server.Cpu().Since(before);
        var half = samples.Count / 2;
        return new FlatResult(options.Keys[^1], rate, options.Minutes, samples, Slope(samples[half..]), used.Server / length.TotalSeconds);
    }

    // Least squares, in MiB a minute.
    private static double Slope(IReadOnlyList<MemorySample> samples)
    {
        if (samples.Count < 3)
            return 0;
        var (x, y) = (samples.Average(s => s.Second), samples.Average(s => s.ResidentMb));
        return 60 * samples.Sum(s => (s.Second - x) * (s.ResidentMb - y)) / samples.Sum(s => (s.Second - x) * (s.Second - x));
    }
}
