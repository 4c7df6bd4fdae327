using System.Collections.Concurrent;
using Incidents.Simulation.World;
using Incidents.Testing;

namespace Incidents.Simulation;

/// <summary>
/// The whole engine under every fault, seed by seed. <c>INCIDENTS_SIM_SEED</c> replays one seed and tells its story;
/// <c>INCIDENTS_SIM_FROM</c> and <c>INCIDENTS_SIM_SEEDS</c> say which and how many run.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 1000;
    private const int MaxFailures = 10;

    [Fact]
    public void The_contract_holds_under_every_fault()
    {
        if (Setting.Number("INCIDENTS_SIM_SEED") is { } one)
        {
            output.WriteLine(Scheduler.Run(one, new Rules(), output.WriteLine).ToString());
            return;
        }

        var (from, seeds) = (Setting.Number("INCIDENTS_SIM_FROM") ?? 1, Setting.Number("INCIDENTS_SIM_SEEDS") ?? Seeds);
        var (all, failures) = (new Tally(), new ConcurrentQueue<string>());
        Parallel.For(from, from + seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            Try(seed, all, failures);
            if (failures.Count >= MaxFailures)
                loop.Stop();
        });

        output.WriteLine(all.ToString());
        Assert.True(failures.IsEmpty, string.Join(Environment.NewLine, failures));
        if (seeds >= Seeds)
            Assert.All(Enum.GetValues<Fault>(), fault => Assert.True(all[fault] >= 100, $"{fault} was hit {all[fault]} times only"));
    }

    private static void Try(int seed, Tally all, ConcurrentQueue<string> failures)
    {
        try
        {
            var tally = Scheduler.Run(seed, new Rules());
            Assert.True(tally.Turns >= Scheduler.MinTurns, $"seed {seed} ran {tally.Turns} turns only");
            lock (all)
                all.Add(tally);
        }
        catch (SimulationFailureException failure)
        {
            failures.Enqueue($"INCIDENTS_SIM_SEED={seed}: {failure.Message}");
        }
    }
}
