using Incidents.Routing.Intervals;
using Incidents.Routing.Matchers;

namespace Incidents.Routing;

/// <summary>What a routing tree is compiled against.</summary>
public sealed record RouteTreeOptions
{
    /// <summary>The timings of a root that names none.</summary>
    /// <value><see cref="RouteDefaults.Ours"/>.</value>
    public RouteDefaults Defaults { get; init; } = RouteDefaults.Ours;

    /// <summary>How matchers and label names are read.</summary>
    /// <value><see cref="MatcherMode.Fallback"/>.</value>
    public MatcherMode Mode { get; init; } = MatcherMode.Fallback;

    /// <summary>The receivers there are; <see langword="null"/> leaves them unchecked.</summary>
    /// <value><see langword="null"/>.</value>
    public IReadOnlySet<string>? Receivers { get; init; }

    /// <summary>The time intervals there are, by name; <see langword="null"/> leaves them unchecked, and then no route is ever mute.</summary>
    /// <value><see langword="null"/>.</value>
    public IReadOnlyDictionary<string, TimeIntervalDefinition>? TimeIntervals { get; init; }
}
