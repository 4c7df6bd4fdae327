using System.Collections.Immutable;
using NodaTime;

namespace Incidents.Routing.Intervals;

/// <summary>Time intervals under one name, as routes name them.</summary>
/// <param name="Name">Any text that is not empty; unique.</param>
/// <param name="Intervals">Any of them counts; none: never.</param>
public sealed record TimeIntervalDefinition(string Name, ImmutableArray<TimeInterval> Intervals)
{
    /// <summary>Whether an instant is in one of them.</summary>
    public bool Contains(Instant at) => Intervals.Any(i => i.Contains(at));

    /// <summary>As <see cref="TimeInterval.NextBoundary"/>, of the earliest.</summary>
    public Instant? NextBoundary(Instant at) => Intervals.Min(i => i.NextBoundary(at));
}
