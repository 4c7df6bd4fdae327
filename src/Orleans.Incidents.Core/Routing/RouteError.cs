using System.Collections.Immutable;

namespace Incidents.Routing;

/// <summary>What is wrong with a routing tree.</summary>
public enum RouteProblem
{
    /// <summary>The root names no receiver.</summary>
    MissingReceiver,

    /// <summary>A route names a receiver that does not exist.</summary>
    UnknownReceiver,

    /// <summary>The root has matchers, but must take every alert.</summary>
    RootHasMatchers,

    /// <summary>The root says <c>continue</c>, but has no siblings.</summary>
    RootContinues,

    /// <summary>The root has time intervals, but must always be active.</summary>
    RootHasTimeIntervals,

    /// <summary>A text cannot name a label.</summary>
    InvalidLabelName,

    /// <summary>A text is no list of matchers.</summary>
    InvalidMatcher,

    /// <summary>A text is no regular expression.</summary>
    InvalidPattern,

    /// <summary><c>...</c> stands beside other labels in <c>group_by</c>.</summary>
    WildcardBesideLabels,

    /// <summary>A label stands twice in <c>group_by</c>.</summary>
    DuplicateGroupLabel,

    /// <summary>A duration is negative, or zero where it must not be.</summary>
    InvalidDuration,

    /// <summary>A number is outside of what is allowed.</summary>
    InvalidCount,

    /// <summary>A route names a time interval that does not exist.</summary>
    UnknownTimeInterval,

    /// <summary>Routes nest deeper than 100.</summary>
    TooDeep,
}

/// <summary>One step into a route node: a field by its YAML name, an item by its place from 0, or a key of a mapping.</summary>
/// <param name="Name">The field or key; <see langword="null"/> for an item.</param>
/// <param name="Index">The item's place. Default: -1, for a field or key.</param>
public readonly record struct RouteStep(string? Name, int Index = -1)
{
    /// <summary><c>.name</c> or <c>[index]</c>.</summary>
    public override string ToString() => Name is null ? $"[{Index}]" : $".{Name}";
}

/// <summary>One error in a routing tree, and the way to it from the root node.</summary>
/// <param name="Problem">What kind of error.</param>
/// <param name="Path">Steps from the root; none for the root itself. What is missing is placed at the node that lacks it.</param>
/// <param name="Message">One line for a person, without the place.</param>
public sealed record RouteError(RouteProblem Problem, ImmutableArray<RouteStep> Path, string Message)
{
    /// <summary>The path as text: <c>route.routes[0].match_re.env</c>.</summary>
    public string PathText => "route" + string.Concat(Path);

    /// <summary>Place and message.</summary>
    public override string ToString() => $"{PathText}: {Message}";
}
