using System.Collections.Immutable;
using NodaTime;

namespace Incidents.Delivery;

/// <summary>How often and for how long a delivery is tried again.</summary>
public sealed record RetryPolicy
{
    /// <summary>For pages: 5 s, 15 s, 30 s, 1 min, 2 min, 5 min, 10 min, then every 15 min, for 24 h.</summary>
    public static RetryPolicy Paging { get; } = new();

    /// <summary>
    /// The longest wait after the first, second, ... failed attempt; the last one also after every later attempt. The wait
    /// that is used lies anywhere between zero and this (full jitter). At least one, each longer than zero.
    /// </summary>
    /// <value>5 s, 15 s, 30 s, 1 min, 2 min, 5 min, 10 min, 15 min.</value>
    public ImmutableArray<Duration> Steps { get; init; } =
    [
        Duration.FromSeconds(5),
        Duration.FromSeconds(15),
        Duration.FromSeconds(30),
        Duration.FromMinutes(1),
        Duration.FromMinutes(2),
        Duration.FromMinutes(5),
        Duration.FromMinutes(10),
        Duration.FromMinutes(15),
    ];

    /// <summary>How long after the first attempt the last one may start, inclusive.</summary>
    /// <value>24 h.</value>
    public Duration GiveUpAfter { get; init; } = Duration.FromHours(24);

    /// <summary>The most of a receiver's retry-after that is honoured, so that a wrong header cannot silence a page for a day.</summary>
    /// <value>15 min.</value>
    public Duration RetryAfterCap { get; init; } = Duration.FromMinutes(15);
}
