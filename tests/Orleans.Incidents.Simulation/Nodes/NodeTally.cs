namespace Incidents.Simulation.Nodes;

/// <summary>Every kind of fault that the simulation of several nodes injects, and what follows from it.</summary>
internal enum NodeFault
{
    LostFlush,
    RejectedFlush,
    UnknownCommitted,
    UnknownCommittedLate,
    UnknownNever,
    UnknownAgain,
    LateOfAnother,
    StolenShard,
    StaleFlush,
    LostHead,
    ToldLost,
    MovedShard,
    OrphanTaken,
    TakenAgain,
    CrashIdle,
    CrashWithQueue,
    CrashWithFlush,
    CrashInMove,
    CrashAmidRelease,
    OrderlyStop,
    Crossing,
    MissedRing,
    LateRing,
    TwinAtTwoNodes,
    RetryElsewhere,
    ForwardedAlert,
    CallAway,
    CallElsewhere,
    CallAgain,
    LookElsewhere,
    LostReport,
    ChannelRetry,
    LateTimer,
    Suspect,
    Lethal,
    Letter,
    SavedRepeats,
    AdoptedRepeats,
}

/// <summary>How often each kind was hit.</summary>
internal sealed class NodeTally
{
    private readonly long[] _counts = new long[Enum.GetValues<NodeFault>().Length];

    public long this[NodeFault fault] => _counts[(int)fault];

    public void Hit(NodeFault fault, long times = 1) => _counts[(int)fault] += times;

    public void Add(NodeTally other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
    }

    public override string ToString() => string.Join(Environment.NewLine, Enum.GetValues<NodeFault>().Select(f => $"{f,-22}{this[f],10}"));
}
