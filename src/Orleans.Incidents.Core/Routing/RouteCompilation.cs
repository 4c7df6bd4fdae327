using System.Collections.Immutable;
using Incidents.Routing.Matchers;

namespace Incidents.Routing;

/// <summary>The outcome of compiling a routing tree: a tree, or at least one error.</summary>
/// <param name="Tree">The tree; <see langword="null"/> when there are errors.</param>
/// <param name="Errors">Every error found, depth first; empty when there is a tree.</param>
public sealed record RouteCompilation(RouteTree? Tree, ImmutableArray<RouteError> Errors)
{
    /// <summary>What is accepted and should be written differently, depth first; only in <see cref="MatcherMode.Fallback"/> mode. Default: nothing.</summary>
    public ImmutableArray<RouteWarning> Warnings { get; init; } = [];
}

/// <summary>A text of matchers that is accepted and should be written differently, and the way to it from the root node.</summary>
/// <param name="Path">As for <see cref="RouteError"/>.</param>
/// <param name="Warning">What is wrong with it.</param>
public sealed record RouteWarning(ImmutableArray<RouteStep> Path, MatcherWarning Warning)
{
    /// <summary>Place and message.</summary>
    public override string ToString() => $"route{string.Concat(Path)}: {Warning}";
}
