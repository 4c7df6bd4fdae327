using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Routing.Compilation;

namespace Incidents.Routing;

/// <summary>
/// A compiled routing tree, with Alertmanager's rules: depth first; the first child that matches takes the alert unless it
/// says <c>continue</c>; a route with no matching child is itself a match. Immutable and thread-safe.
/// </summary>
public sealed class RouteTree
{
    internal RouteTree(Route root, ImmutableArray<Route> all)
    {
        Root = root;
        All = all;
    }

    /// <summary>The root, which matches everything.</summary>
    public Route Root { get; }

    /// <summary>Every route, depth first, parents before children.</summary>
    public ImmutableArray<Route> All { get; }

    /// <summary>Compiles a tree, or finds everything that is wrong with it.</summary>
    public static RouteCompilation Compile(RouteNode root, RouteTreeOptions? options = null) =>
        new RouteCompiler(options ?? new RouteTreeOptions()).Compile(root);

    /// <summary>
    /// The routes an alert takes, in order; at least one, and none twice. The answer depends on nothing but the tree and the
    /// labels, so it may be kept. It is allocated only when there is more than one route.
    /// </summary>
    public ImmutableArray<Route> Match(LabelSet labels)
    {
        var found = default(Found);
        Search(Root, labels, ref found);
        return found.More is null ? found.First!.AsResult : found.More.DrainToImmutable();
    }

    /// <summary>The same decision with its reasons: each route that was tried, and why it took the alert or did not.</summary>
    public RouteExplanation Explain(LabelSet labels) => new RouteExplainer(labels).Explain(Root);

    private static bool Search(Route route, LabelSet labels, ref Found found)
    {
        if (!route.Matches(labels))
            return false;
        var any = false;
        foreach (var child in route.Index.Candidates(labels))
        {
            if (!Search(child, labels, ref found))
                continue;
            any = true;
            if (!child.Continue)
                break;
        }

        if (!any)
            found.Add(route);
        return true;
    }

    /// <summary>Collects routes without a list while there is but one.</summary>
    private struct Found
    {
        public Route? First;
        public ImmutableArray<Route>.Builder? More;

        public void Add(Route route)
        {
            if (First is null)
            {
                First = route;
                return;
            }

            if (More is null)
            {
                More = ImmutableArray.CreateBuilder<Route>();
                More.Add(First);
            }

            More.Add(route);
        }
    }
}
