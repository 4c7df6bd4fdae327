using System.Collections.Immutable;

namespace Incidents.Routing;

/// <summary>The outcome of compiling a routing tree: a tree, or at least one error.</summary>
/// <param name="Tree">The tree; <see langword="null"/> when there are errors.</param>
/// <param name="Errors">Every error found, depth first; empty when there is a tree.</param>
public sealed record RouteCompilation(RouteTree? Tree, ImmutableArray<RouteError> Errors);
