using Incidents.Engine.Turns;

namespace Incidents.Simulation.World;

/// <summary>The parts of the contract that a mutant takes out: the engine's and the simulated store's.</summary>
internal sealed record Rules
{
    public EngineRules Engine { get; init; } = EngineRules.All;

    /// <summary>An unknown outcome is settled by inserting the flush's id, never by looking for it.</summary>
    public bool SettleByInserting { get; init; } = true;

    /// <summary>A commit is stored only at the version that it expects.</summary>
    public bool CheckVersions { get; init; } = true;

    /// <summary>What depends on a lost commit is left out with it.</summary>
    public bool LeaveOutDependents { get; init; } = true;

    /// <summary>Receipts are in the flush that answers.</summary>
    public bool WriteReceipts { get; init; } = true;

    /// <summary>A flush is all or nothing.</summary>
    public bool Atomic { get; init; } = true;
}
