using NodaTime;

namespace Incidents.Throttling;

/// <summary>How fast something may happen: <paramref name="Count"/> per <paramref name="Period"/> on average, and <paramref name="Burst"/> at once.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="Period">Longer than zero.</param>
/// <param name="Burst">At least 1.</param>
public sealed record Budget(long Count, Duration Period, long Burst);
