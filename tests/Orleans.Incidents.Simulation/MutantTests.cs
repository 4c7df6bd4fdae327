using Incidents.Engine.Turns;
using Incidents.Simulation.World;

namespace Incidents.Simulation;

/// <summary>Each check of the contract is taken out in turn, and the simulation must notice: else it proves nothing about that check.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int Seeds = 150;

    private static readonly Dictionary<string, Rules> Mutants = new(StringComparer.Ordinal)
    {
        ["answers leave before the flush"] = Without(new EngineRules { ReleaseBehindFlush = false }),
        ["looks do not wait their turn"] = Without(new EngineRules { LookInTurn = false }),
        ["attempts leave before they are journalled"] = Without(new EngineRules { AttemptBehindFlush = false }),
        ["dependents behind a flush stay"] = Without(new EngineRules { DropDependents = false }),
        ["a lost flush leaves the queue as it was"] = Without(new EngineRules { DropBehindLostFlush = false }),
        ["a dropped commit stays in memory"] = Without(new EngineRules { ForgetDropped = false }),
        ["busy actors are evicted"] = Without(new EngineRules { KeepBusy = false }),
        ["a broken turn stays half done"] = Without(new EngineRules { UndoBrokenTurns = false }),
        ["messages are not consumed"] = Without(new EngineRules { ConsumeWithCommit = false }),
        ["ids do not derive from the command"] = Without(new EngineRules { DeriveIds = false }),
        ["a restart mixes the order of messages"] = Without(new EngineRules { KeepOrder = false }),
        ["rules do not see repeats"] = Without(new EngineRules { CoverBeforeDeciding = false }),
        ["one fold holds several identities"] = Without(new EngineRules { OneIdentityAFold = false }),
        ["repeats are forgotten with the state"] = Without(new EngineRules { KeepRepeatsOnForget = false }),
        ["the low-water mark is too high"] = Without(new EngineRules { KeepLowWater = false }),
        ["a flush cuts a request in two"] = Without(new EngineRules { KeepRequestsTogether = false }),
        ["a request under the same id runs again"] = Without(new EngineRules { RememberRequests = false }),
        ["poison fails its neighbours"] = Without(new EngineRules { HalvePoison = false }),
        ["unknown outcomes are settled by reading"] = new Rules { SettleByInserting = false },
        ["the wrong version is accepted"] = new Rules { CheckVersions = false },
        ["what depends on a lost commit is stored"] = new Rules { LeaveOutDependents = false },
        ["receipts are not stored"] = new Rules { WriteReceipts = false },
        ["half a flush is stored"] = new Rules { Atomic = false },
    };

    public static TheoryData<string> Names => [.. Mutants.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulation_notices_that(string mutant)
    {
        var noticed = Enumerable.Range(1, Seeds).Select(seed => Notice(seed, Mutants[mutant])).FirstOrDefault(n => n is not null);
        Assert.True(noticed is not null, $"{Seeds} seeds ran and nobody noticed");
        output.WriteLine(noticed[..Math.Min(noticed.Length, 500)]);
    }

    private static Rules Without(EngineRules engine) => new() { Engine = engine };

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
