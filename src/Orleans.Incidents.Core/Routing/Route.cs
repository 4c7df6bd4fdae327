using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Routing.Compilation;
using Incidents.Routing.Intervals;
using Incidents.Routing.Matchers;

namespace Incidents.Routing;

/// <summary>A node of a compiled routing tree. Immutable and thread-safe; compared by reference.</summary>
public sealed class Route
{
    internal Route(Route? parent, int index, RouteOptions options, ImmutableArray<Matcher> matchers, bool continues, MuteSchedule? mutes)
    {
        Parent = parent;
        Options = options;
        Matchers = matchers;
        Continue = continues;
        Mutes = mutes;
        Depth = parent is null ? 0 : parent.Depth + 1;
        var own = "{" + string.Join(',', matchers) + "}";
        Key = parent is null ? own : $"{parent.Key}/{own}";
        Id = parent is null ? own : $"{parent.Id}/{own}/{index}";
        AsResult = [this];
    }

    /// <summary>The route this one stands in; <see langword="null"/> for the root.</summary>
    public Route? Parent { get; }

    /// <summary>0 for the root.</summary>
    public int Depth { get; }

    /// <summary>The effective options.</summary>
    public RouteOptions Options { get; }

    /// <summary>All of these must hold, in the order of <see cref="Matcher.Order"/>. None: every alert matches.</summary>
    public ImmutableArray<Matcher> Matchers { get; }

    /// <summary>Whether siblings behind this route are tried after it matched.</summary>
    public bool Continue { get; }

    /// <summary>When the route is mute, which its children do not inherit; <see langword="null"/>: never.</summary>
    public MuteSchedule? Mutes { get; }

    /// <summary>
    /// Alertmanager's <c>Route.Key()</c>: the matchers from the root down, <c>{}/{owner="a"}</c>. Two siblings may share one.
    /// </summary>
    public string Key { get; }

    /// <summary>Alertmanager's <c>Route.ID()</c>: the key with each route's place among its siblings. Unique in a tree.</summary>
    public string Id { get; }

    /// <summary>Children, tried in order.</summary>
    public ImmutableArray<Route> Children { get; private set; } = [];

    /// <summary>This route as the only one that matches; made once, so that the usual answer costs nothing.</summary>
    internal ImmutableArray<Route> AsResult { get; }

    /// <summary>The children that can match at all.</summary>
    internal ChildIndex Index { get; private set; } = ChildIndex.Empty;

    /// <summary>Whether all matchers hold. Says nothing about parents.</summary>
    public bool Matches(LabelSet labels)
    {
        foreach (var matcher in Matchers)
        {
            if (!matcher.Matches(labels))
                return false;
        }

        return true;
    }

    /// <summary>The labels of an alert that make its group here: those of <c>group_by</c> that it has, or all of them.</summary>
    public LabelSet GroupLabels(LabelSet alert) => Options.GroupByAll ? alert : alert.Only(Options.GroupBy);

    /// <summary>The <see cref="Id"/>.</summary>
    public override string ToString() => Id;

    /// <summary>Ends construction: parents are made before their children.</summary>
    internal void Adopt(ImmutableArray<Route> children)
    {
        Children = children;
        Index = ChildIndex.Of(children);
    }
}
