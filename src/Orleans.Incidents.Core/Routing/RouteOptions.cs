using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Grouping;
using Incidents.Routing.Compilation;
using NodaTime;

namespace Incidents.Routing;

/// <summary>What holds for the alerts of a route once everything inherited is laid in. Immutable.</summary>
public sealed record RouteOptions
{
    /// <summary>The service or policy that alerts go to. Not empty.</summary>
    public required string Receiver { get; init; }

    /// <summary>Label names whose values make a group, in ordinal order; without meaning while <see cref="GroupByAll"/> holds.</summary>
    public required ImmutableArray<string> GroupBy { get; init; }

    /// <summary>Whether every label makes the group (<c>group_by: ['...']</c>).</summary>
    public required bool GroupByAll { get; init; }

    /// <summary>How long a new group waits. Not negative.</summary>
    public required Duration GroupWait { get; init; }

    /// <summary>How often a group tells of new alerts. Positive.</summary>
    public required Duration GroupInterval { get; init; }

    /// <summary>How often a group repeats itself. Positive.</summary>
    public required Duration RepeatInterval { get; init; }

    /// <summary>How long after its resolve a group re-opens its incident. Not negative.</summary>
    public required Duration ReopenWindow { get; init; }

    /// <summary>When a group counts as flapping.</summary>
    public required FlapRule Flap { get; init; }

    /// <summary>How often alerts must fire before there is an incident; here also once.</summary>
    public required OpeningThreshold Threshold { get; init; }

    /// <summary>Names of time intervals during which the route is mute. Not inherited.</summary>
    public required ImmutableArray<string> MuteTimeIntervals { get; init; }

    /// <summary>Names of time intervals outside which the route is mute. Not inherited.</summary>
    public required ImmutableArray<string> ActiveTimeIntervals { get; init; }

    /// <summary>Labels of this route laid over its parent's.</summary>
    public required LabelSet Labels { get; init; }

    internal static RouteOptions FromDefaults(RouteDefaults defaults) => new()
    {
        Receiver = "",
        GroupBy = [],
        GroupByAll = false,
        GroupWait = defaults.GroupWait,
        GroupInterval = defaults.GroupInterval,
        RepeatInterval = defaults.RepeatInterval,
        ReopenWindow = defaults.ReopenWindow,
        Flap = defaults.Flap,
        Threshold = defaults.Threshold,
        MuteTimeIntervals = [],
        ActiveTimeIntervals = [],
        Labels = LabelSet.Empty,
    };

    /// <summary>These options as a child sees them, with what its node writes laid over.</summary>
    internal RouteOptions OverlaidBy(RouteNode node)
    {
        var all = node.GroupBy is { } names && names.Contains(RouteCompiler.Wildcard);
        return this with
        {
            Receiver = string.IsNullOrEmpty(node.Receiver) ? Receiver : node.Receiver,

            // The wildcard leaves the inherited names in place, as in Alertmanager; they show up where options are listed.
            GroupBy = node.GroupBy is { } written && !all ? [.. written.Order(StringComparer.Ordinal)] : GroupBy,
            GroupByAll = node.GroupBy is null ? GroupByAll : all,
            GroupWait = node.GroupWait ?? GroupWait,
            GroupInterval = node.GroupInterval ?? GroupInterval,
            RepeatInterval = node.RepeatInterval ?? RepeatInterval,
            ReopenWindow = node.ReopenWindow ?? ReopenWindow,
            Flap = new FlapRule(node.FlapCount ?? Flap.Count, node.FlapWindow ?? Flap.Window),
            Threshold = new OpeningThreshold(node.OpenAfter ?? Threshold.After, node.OpenWithin ?? Threshold.Within, node.OpenAtOnceFrom ?? Threshold.AtOnceFrom),
            MuteTimeIntervals = node.MuteTimeIntervals,
            ActiveTimeIntervals = node.ActiveTimeIntervals,
            Labels = node.Labels.IsEmpty ? Labels : LabelSet.Of(Labels.Concat(node.Labels)),
        };
    }
}
