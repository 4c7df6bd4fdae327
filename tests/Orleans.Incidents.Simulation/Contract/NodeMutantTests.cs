using Incidents.Simulation.Nodes;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Contract;

/// <summary>Each check of what several nodes promise each other is taken out in turn, and their simulation must notice.</summary>
public sealed class NodeMutantTests(ITestOutputHelper output)
{
    private const int Seeds = 600;

    public static TheoryData<string> Names => [.. NodeMutants.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulation_of_nodes_notices_that(string mutant)
    {
        var noticed = Enumerable.Range(1, Seeds).Select(seed => Notice(seed, NodeMutants.All[mutant])).FirstOrDefault(n => n is not null);
        Assert.True(noticed is not null, $"{Seeds} seeds ran and nobody noticed");
        output.WriteLine(noticed[..Math.Min(noticed.Length, 500)]);
    }

    private static string? Notice(int seed, Rules rules)
    {
        try
        {
            NodeScheduler.Run(seed, rules);
            return null;
        }
        catch (SimulationFailureException failure)
        {
            return failure.Message;
        }
    }
}
