using Incidents.Simulation.World;

namespace Incidents.Simulation.Contract;

/// <summary>Each check of the contract is taken out in turn, and the simulation must notice: else it proves nothing about that check.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int Seeds = 150;

    public static TheoryData<string> Names => [.. Mutants.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulation_notices_that(string mutant)
    {
        var noticed = Enumerable.Range(1, Seeds).Select(seed => Notice(seed, Mutants.All[mutant])).FirstOrDefault(n => n is not null);
        Assert.True(noticed is not null, $"{Seeds} seeds ran and nobody noticed");
        output.WriteLine(noticed[..Math.Min(noticed.Length, 500)]);
    }

    private static string? Notice(int seed, Rules rules)
    {
        try
        {
            Scheduler.Run(seed, rules);
            return null;
        }
        catch (SimulationFailureException failure)
        {
            return failure.Message;
        }
    }
}
