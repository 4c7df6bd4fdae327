using System.Collections.Concurrent;
using Incidents.Simulation.Nodes;
using Incidents.Simulation.World;
using Incidents.Testing;

namespace Incidents.Simulation;

/// <summary>
/// Several engine nodes on one store under every fault, seed by seed. <c>INCIDENTS_NODES_SEED</c> replays one seed and tells its story;
/// <c>INCIDENTS_NODES_FROM</c> and <c>INCIDENTS_NODES_SEEDS</c> say which and how many run.
/// </summary>
public sealed class NodeSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 400;
    private const int MaxFailures = 10;

    [Fact]
    public void The_contract_holds_where_several_nodes_share_a_store()
    {
        if (Setting.Number("INCIDENTS_NODES_SEED") is { } one)
        {
            output.WriteLine(NodeScheduler.Run(one, new Rules(), output.WriteLine).ToString());
            return;
        }

        var (from, seeds) = (Setting.Number("INCIDENTS_NODES_FROM") ?? 1, Setting.Number("INCIDENTS_NODES_SEEDS") ?? Seeds);
        var (faults, all, failures) = (new NodeTally(), new Tally(), new ConcurrentQueue<string>());
        Parallel.For(from, from + seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            Try(seed, faults, all, failures);
            if (failures.Count >= MaxFailures)
                loop.Stop();
        });

        output.WriteLine(faults.ToString());
        output.WriteLine($"turns {all.Turns}, flushes {all.Flushes}, answers {all.Answers}, alerts {all.Alerts}, pages {all.Pages}");
        Assert.True(failures.IsEmpty, string.Join(Environment.NewLine, failures));
        if (seeds >= Seeds)
            Assert.All(Enum.GetValues<NodeFault>(), fault => Assert.True(faults[fault] >= 100, $"{fault} was hit {faults[fault]} times only"));
    }

    private static void Try(int seed, NodeTally faults, Tally all, ConcurrentQueue<string> failures)
    {
        try
        {
            var (hit, tally) = NodeScheduler.Run(seed, new Rules());
            Assert.True(tally.Turns >= NodeScheduler.MinTurns, $"seed {seed} ran {tally.Turns} turns only");
            lock (all)
            {
                faults.Add(hit);
                all.Add(tally);
            }
        }
        catch (SimulationFailureException failure)
        {
            failures.Enqueue($"INCIDENTS_NODES_SEED={seed}: {failure.Message}");
        }
    }
}
