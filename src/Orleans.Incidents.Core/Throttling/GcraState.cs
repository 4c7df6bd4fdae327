using NodaTime;

namespace Incidents.Throttling;

/// <summary>
/// What a budget remembers: the theoretical arrival time, the moment at which everything charged so far would be earned
/// back. Exact: the moment is <paramref name="TheoreticalArrival"/> plus <paramref name="Part"/>/<paramref name="Of"/> of
/// a nanosecond, so that "3 per second" loses nothing. A value; two states are equal when they say the same.
/// </summary>
/// <param name="TheoreticalArrival">The moment, rounded down to a nanosecond. Never decreases over a row of charges.</param>
/// <param name="Part">From 0 up to and excluding <paramref name="Of"/>.</param>
/// <param name="Of">At least 1; the <see cref="Budget.Count"/> of the budget that made this state.</param>
public readonly record struct GcraState(Instant TheoreticalArrival, long Part, long Of)
{
    /// <summary>Nothing was ever charged: the whole burst is there at any moment.</summary>
    public static GcraState Full { get; } = new(Instant.MinValue, 0, 1);
}

/// <summary>What became of one charge.</summary>
/// <param name="Allowed">Whether the cost was charged. All or nothing.</param>
/// <param name="State">The state to keep. Unchanged when not allowed.</param>
/// <param name="RetryAfter">
/// <see langword="null"/> when allowed, and when the cost is larger than the burst and so can never be. Otherwise longer
/// than zero: the same charge is allowed at exactly <c>now + RetryAfter</c> and not a nanosecond earlier, if nothing else
/// is charged meanwhile.
/// </param>
public readonly record struct GcraCharge(bool Allowed, GcraState State, Duration? RetryAfter);
