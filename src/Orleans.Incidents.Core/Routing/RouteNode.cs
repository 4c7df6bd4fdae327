using System.Collections.Immutable;
using Incidents.Alerts;
using NodaTime;

namespace Incidents.Routing;

/// <summary>
/// One node of the routing tree as it is written: Alertmanager's <c>route</c> block, field by field. What is
/// <see langword="null"/> is inherited from the parent (<c>docs/configuration.md</c> of Alertmanager).
/// </summary>
public sealed record RouteNode
{
    /// <summary>The service or policy that matching alerts go to; inherited when absent. The root must name one.</summary>
    public string? Receiver { get; init; }

    /// <summary>Label names whose values make the group; <c>["..."]</c> means every label. Inherited when absent; the root's default is none.</summary>
    public ImmutableArray<string>? GroupBy { get; init; }

    /// <summary>How long a new group waits before it opens its incident. Ours defaults to zero: waiting is opt-in.</summary>
    public Duration? GroupWait { get; init; }

    /// <summary>Read and kept for parity; we notify on events, not at intervals.</summary>
    public Duration? GroupInterval { get; init; }

    /// <summary>Read and kept for parity; escalation decides about repeats.</summary>
    public Duration? RepeatInterval { get; init; }

    /// <summary>Ours: how long after its resolve a group re-opens its incident instead of opening a new one. Default zero.</summary>
    public Duration? ReopenWindow { get; init; }

    /// <summary>Ours: a group that began to fire so often within <see cref="FlapWindow"/> is flapping. 0 turns it off, else 2 to 20; the root's default is 4.</summary>
    public int? FlapCount { get; init; }

    /// <summary>Ours: see <see cref="FlapCount"/>; and how long a flapping group must rest. The root's default is 15 minutes.</summary>
    public Duration? FlapWindow { get; init; }

    /// <summary>Ours: so many firing signals, repeats included, open an incident; 1 to 1000. The root's default is 1: the first does.</summary>
    public int? OpenAfter { get; init; }

    /// <summary>Ours: within how long <see cref="OpenAfter"/> counts. The root's default is 10 minutes.</summary>
    public Duration? OpenWithin { get; init; }

    /// <summary>Ours: the least urgent severity that does not wait for <see cref="OpenAfter"/>. The root's default is critical.</summary>
    public Severity? OpenAtOnceFrom { get; init; }

    /// <summary>Old form of equality matchers: label name to exact value.</summary>
    public ImmutableSortedDictionary<string, string> Match { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Old form of regular-expression matchers: label name to RE2 pattern, anchored.</summary>
    public ImmutableSortedDictionary<string, string> MatchRe { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Matchers as text, each item one or more, all of which must hold.</summary>
    public ImmutableArray<string> Matchers { get; init; } = [];

    /// <summary>Whether siblings behind this node are tried after it matched. Default <see langword="false"/>.</summary>
    public bool Continue { get; init; }

    /// <summary>Names of time intervals inside of which the route opens nothing; not inherited, and not on the root.</summary>
    public ImmutableArray<string> MuteTimeIntervals { get; init; } = [];

    /// <summary>Names of time intervals outside of which the route opens nothing; not inherited, and not on the root.</summary>
    public ImmutableArray<string> ActiveTimeIntervals { get; init; } = [];

    /// <summary>Labels attached to what this route matches; inherited and overlaid.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Children, tried in order, depth first.</summary>
    public ImmutableArray<RouteNode> Routes { get; init; } = [];
}
