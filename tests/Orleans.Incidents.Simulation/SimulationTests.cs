using System.Globalization;
using Incidents.Simulation.World;

namespace Incidents.Simulation;

/// <summary>
/// The whole engine under every fault, seed by seed. <c>INCIDENTS_SIM_SEED</c> replays one seed, <c>INCIDENTS_SIM_SEEDS</c> says how
/// many run.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 220;
    private const int MaxFailures = 10;

    [Fact]
    public void The_contract_holds_under_every_fault()
    {
        if (Number("INCIDENTS_SIM_SEED") is { } one)
        {
            output.WriteLine(Scheduler.Run(one, new Rules(), output.WriteLine).ToString());
            return;
        }

        var all = new Tally();
        var failures = new List<string>();
        var seeds = Number("INCIDENTS_SIM_SEEDS") ?? Seeds;
        for (var seed = 1; seed <= seeds; seed++)
        {
            if (Try(seed, all) is { } failure)
                failures.Add(failure);
            if (failures.Count == MaxFailures)
                break;
        }

        output.WriteLine(all.ToString());
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
        if (seeds >= Seeds)
            Assert.All(Enum.GetValues<Fault>(), fault => Assert.True(all[fault] >= 100, $"{fault} was hit {all[fault]} times only"));
    }

    private static string? Try(int seed, Tally all)
    {
        try
        {
            all.Add(Scheduler.Run(seed, new Rules()));
            return null;
        }
        catch (SimulationFailureException failure)
        {
            return $"INCIDENTS_SIM_SEED={seed}: {failure.Message}";
        }
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
