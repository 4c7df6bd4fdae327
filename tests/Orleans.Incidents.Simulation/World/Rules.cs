using Incidents.Engine.Turns;

namespace Incidents.Simulation.World;

/// <summary>The parts of the contract that a mutant takes out: the engine's, the simulated store's, and those of what stands around them.</summary>
internal sealed record Rules
{
    public EngineRules Engine { get; init; } = EngineRules.All;

    /// <summary>An unknown outcome is settled before anything else.</summary>
    public bool SettleUnknown { get; init; } = true;

    /// <summary>An unknown outcome is settled by inserting the flush's id, never by looking for it.</summary>
    public bool SettleByInserting { get; init; } = true;

    /// <summary>A flush proves that its process still owns what it writes.</summary>
    public bool ProveOwnership { get; init; } = true;

    /// <summary>A flush proves as well that the receivers are its node's of messages which it does not mark as crossing.</summary>
    public bool ProveReceivers { get; init; } = true;

    /// <summary>Who takes a shard over raises its epoch.</summary>
    public bool RaiseEpoch { get; init; } = true;

    /// <summary>Messages to another node's shards are marked with their flush.</summary>
    public bool MarkCrossing { get; init; } = true;

    /// <summary>Who takes a shard over keeps from where on its repeats are in blocks alone.</summary>
    public bool KeepUncovered { get; init; } = true;

    /// <summary>A commit is stored only at the version that it expects.</summary>
    public bool CheckVersions { get; init; } = true;

    /// <summary>What depends on a lost commit is left out with it.</summary>
    public bool LeaveOutDependents { get; init; } = true;

    /// <summary>Messages are in the flush of the commit that sends them.</summary>
    public bool StoreMessages { get; init; } = true;

    /// <summary>Receipts are in the flush that answers.</summary>
    public bool WriteReceipts { get; init; } = true;

    /// <summary>The ids of requests and commands are in the flush that answers.</summary>
    public bool StoreIds { get; init; } = true;

    /// <summary>Saved repeats are in the flush that saves them.</summary>
    public bool StoreRepeats { get; init; } = true;

    /// <summary>A row of repeats counts at its version alone.</summary>
    public bool CheckRowVersion { get; init; } = true;

    /// <summary>A flush is all or nothing.</summary>
    public bool Atomic { get; init; } = true;

    /// <summary>How often a message failed is counted on the disk.</summary>
    public bool CountFailures { get; init; } = true;

    /// <summary>A flush's position is visible with its rows and not before.</summary>
    public bool PositionLast { get; init; } = true;

    /// <summary>Whoever follows the journal reads whole flushes.</summary>
    public bool WholeFlushes { get; init; } = true;

    /// <summary>A snapshot is stored with the commit that it rests on.</summary>
    public bool SnapshotWithCommit { get; init; } = true;

    /// <summary>A snapshot of another fold version is passed over.</summary>
    public bool CheckFoldVersion { get; init; } = true;
}
