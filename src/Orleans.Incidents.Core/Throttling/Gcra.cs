using NodaTime;

namespace Incidents.Throttling;

/// <summary>
/// The generic cell rate algorithm (ITU-T I.371, virtual scheduling form): a token bucket that needs one moment of memory
/// and no timer. Pure; whole-number arithmetic throughout. For every row of charges, in any order of clock readings:
/// <list type="bullet">
/// <item>what is allowed in a window of length W, both ends included, is at most Burst + W × Count / Period;</item>
/// <item>at one moment at most Burst is allowed;</item>
/// <item>after Burst × Period / Count without charges the whole burst is there again;</item>
/// <item>charges that never exceed the rate are never refused;</item>
/// <item>a clock that goes backwards never allows more than one that stood still.</item>
/// </list>
/// </summary>
public static class Gcra
{
    /// <summary>
    /// The longest <see cref="Budget.Period"/>, and the longest time in which an empty budget may fill (Burst × Period / Count).
    /// </summary>
    public static Duration Longest { get; } = Duration.FromDays(3660);

    /// <summary>Charges a cost, if there is room for all of it.</summary>
    /// <param name="budget">The rate and the burst. It may differ from the one of the last charge; what is owed stays owed.</param>
    /// <param name="state"><see cref="GcraState.Full"/> at first, then the state of the last charge.</param>
    /// <param name="now">The caller's clock. It may go backwards.</param>
    /// <param name="cost">At least 1. More than <see cref="Budget.Burst"/> is refused without a retry-after.</param>
    /// <returns>Allowed at the first nanosecond at which the cost is fully earned, and after.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The cost is under 1, the budget is not as <see cref="Budget"/> asks, or it is longer than <see cref="Longest"/>.
    /// </exception>
    public static GcraCharge Charge(Budget budget, GcraState state, Instant now, long cost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 1);
        Check(budget);
        if (cost > budget.Burst)
            return new GcraCharge(false, state, null);

        var clock = new FineTime(now);
        var arrival = FineTime.Later(FineTime.From(state, budget.Count), clock).Plus(budget, cost);
        var latest = clock.Plus(budget, budget.Burst);
        return arrival.IsAfter(latest)
            ? new GcraCharge(false, state, arrival.Since(latest))
            : new GcraCharge(true, arrival.ToState(budget.Count), null);
    }

    /// <summary>The largest cost that <see cref="Charge"/> would allow now: from 0 to <see cref="Budget.Burst"/>.</summary>
    /// <param name="budget">The rate and the burst.</param>
    /// <param name="state">The state of the last charge.</param>
    /// <param name="now">The caller's clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="Charge"/>.</exception>
    public static long Available(Budget budget, GcraState state, Instant now)
    {
        Check(budget);
        var clock = new FineTime(now);
        var owed = FineTime.Later(FineTime.From(state, budget.Count), clock);
        return owed.UnitsBefore(clock.Plus(budget, budget.Burst), budget);
    }

    private static void Check(Budget budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget.Count, 1, nameof(budget));
        ArgumentOutOfRangeException.ThrowIfLessThan(budget.Burst, 1, nameof(budget));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(budget.Period, Duration.Zero, nameof(budget));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(budget.Period, Longest, nameof(budget));
        var filling = (Int128)budget.Burst * budget.Period.ToInt64Nanoseconds() / budget.Count;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(filling, Longest.ToInt64Nanoseconds(), nameof(budget));
    }
}
