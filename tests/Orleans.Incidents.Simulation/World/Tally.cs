namespace Incidents.Simulation.World;

/// <summary>Every kind of fault that the simulation injects.</summary>
internal enum Fault
{
    LostFlush,
    RejectedFlush,
    ReportedConflict,
    ForeignWriter,
    UnknownCommitted,
    UnknownCommittedLate,
    UnknownNever,
    UnknownAgain,
    CrashIdle,
    CrashWithQueue,
    CrashBeforeCommit,
    CrashBeforeComplete,
    CrashAmidRelease,
    LateTimer,
    DuplicateTimer,
    TwinRequest,
    RetryWithoutId,
    RetryWithId,
    ChannelRetry,
    ChannelGaveUp,
    LostReport,
    DuplicateReport,
    ClockForward,
    ClockBackward,
    PoisonRequest,
    PoisonCall,
    PoisonMessage,
    Storm,
    SmallFlush,
    SecondOwner,
    TwinCall,
    RepeatedCall,
    LethalTimer,
    Suspect,
    KeptAsideUnseen,
    FullEdge,
    RefusedAtEdge,
    SnapshotUsed,
    SnapshotsWiped,
    StaleSnapshot,
    ViewsWiped,
    OrderlyRestart,
    SavedRepeats,
    RowRead,
}

/// <summary>How often each kind of fault was hit, and how much ran.</summary>
internal sealed class Tally
{
    private readonly long[] _counts = new long[Enum.GetValues<Fault>().Length];

    public long Turns { get; set; }

    public long Flushes { get; set; }

    public long Answers { get; set; }

    public long Alerts { get; set; }

    public long Pages { get; set; }

    public long this[Fault fault] => _counts[(int)fault];

    public void Hit(Fault fault, long times = 1) => _counts[(int)fault] += times;

    public void Add(Tally other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Turns += other.Turns;
        Flushes += other.Flushes;
        Answers += other.Answers;
        Alerts += other.Alerts;
        Pages += other.Pages;
    }

    public override string ToString() => string.Join(Environment.NewLine, Enum.GetValues<Fault>().Select(f => $"{f,-22}{this[f],10}")
        .Append($"turns {Turns}, flushes {Flushes}, answers {Answers}, alerts {Alerts}, pages {Pages}"));
}
