using NodaTime;

namespace Incidents.Throttling;

/// <summary>
/// A moment in whole nanoseconds since 1970 and a fraction of one, in parts of a budget's count. Both operands of every
/// operation use the same budget. Int128 holds the largest product, a burst of 2^63 times a period of 10 years, 25 times over.
/// </summary>
internal readonly record struct FineTime(Int128 Nanoseconds, long Part)
{
    public FineTime(Instant instant) : this(ToNanoseconds(instant), 0)
    {
    }

    /// <summary>A state's moment. Made under another count it is rounded up, so that a change of budget never grants more.</summary>
    public static FineTime From(GcraState state, long count)
    {
        var whole = ToNanoseconds(state.TheoreticalArrival);
        if (state.Of == count)
            return new FineTime(whole, state.Part);
        return new FineTime(state.Part > 0 ? whole + 1 : whole, 0);
    }

    public static FineTime Later(FineTime a, FineTime b) => a.IsAfter(b) ? a : b;

    public bool IsAfter(FineTime other) => Nanoseconds != other.Nanoseconds ? Nanoseconds > other.Nanoseconds : Part > other.Part;

    /// <summary>This moment and the time in which so many units are earned.</summary>
    public FineTime Plus(Budget budget, long units)
    {
        var (whole, rest) = Int128.DivRem((Int128)units * budget.Period.ToInt64Nanoseconds(), budget.Count);
        var part = (Int128)Part + rest;
        return part < budget.Count
            ? new FineTime(Nanoseconds + whole, (long)part)
            : new FineTime(Nanoseconds + whole + 1, (long)(part - budget.Count));
    }

    /// <summary>The time from an earlier moment to this one, rounded up to a nanosecond.</summary>
    public Duration Since(FineTime earlier) =>
        Duration.FromNanoseconds(Nanoseconds - earlier.Nanoseconds + (Part > earlier.Part ? 1 : 0));

    /// <summary>How many whole units are earned from this moment until another; 0 when the other is earlier.</summary>
    public long UnitsBefore(FineTime later, Budget budget)
    {
        if (IsAfter(later))
            return 0;
        var parts = (later.Nanoseconds - Nanoseconds) * budget.Count + later.Part - Part;
        return (long)(parts / budget.Period.ToInt64Nanoseconds());
    }

    public GcraState ToState(long count)
    {
        var instant = NodaConstants.UnixEpoch + Duration.FromNanoseconds(Nanoseconds);
        return Part == 0 ? new GcraState(instant, 0, 1) : new GcraState(instant, Part, count);
    }

    private static Int128 ToNanoseconds(Instant instant)
    {
        var since = instant - NodaConstants.UnixEpoch;
        return (Int128)since.Days * NodaConstants.NanosecondsPerDay + since.NanosecondOfDay;
    }
}
