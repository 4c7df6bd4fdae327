using Incidents.Engine.Turns;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Contract;

/// <summary>Each check of what several nodes promise each other, taken out by itself.</summary>
internal static class NodeMutants
{
    public static IReadOnlyDictionary<string, Rules> All { get; } = new Dictionary<string, Rules>(StringComparer.Ordinal)
    {
        // Ownership
        ["a flush does not prove its shards"] = new Rules { ProveOwnership = false },
        ["receivers of messages that do not cross are not proved"] = new Rules { ProveReceivers = false },
        ["a take-over raises no epoch"] = new Rules { RaiseEpoch = false },
        ["lost shards are not forgotten"] = Without(new EngineRules { ForgetLost = false }),
        ["looks are answered without a proof"] = Without(new EngineRules { ProveLooks = false }),

        // Messages between nodes
        ["stored messages of shards that come are not read"] = Without(new EngineRules { ReadOnAdopt = false }),
        ["mail is not read"] = Without(new EngineRules { ReadMail = false }),
        ["what comes is decided before mail that was sent before it"] = Without(new EngineRules { ReadMailFirst = false }),
        ["mail is passed over when shards come"] = Without(new EngineRules { KeepMailPlace = false }),
        ["messages that cross are not marked"] = new Rules { MarkCrossing = false },
        ["what became of alerts of other nodes is not kept"] = Without(new EngineRules { RememberForwarded = false }),

        // Leaving
        ["what waits for shards that are left stays"] = Without(new EngineRules { DropOnLeave = false }),
        ["shards are given up before everything is flushed"] = Without(new EngineRules { WaitOnLeave = false }),

        // What one leaves to the next
        ["a take-over forgets where uncovered repeats begin"] = new Rules { KeepUncovered = false },
        ["the low-water mark leaves out what came with shards"] = Without(new EngineRules { KeepAdoptedLowWater = false }),
        ["what may have killed the node before is not tried with care"] = Without(new EngineRules { SuspectTaken = false }),
    };

    private static Rules Without(EngineRules engine) => new() { Engine = engine };
}
