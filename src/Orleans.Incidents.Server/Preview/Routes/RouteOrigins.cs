using Incidents.Routing;
using Route = Incidents.Routing.Route;

namespace Incidents.Server.Preview;

/// <summary>Knows which route wrote what another inherits: a compiled route has only what holds in the end.</summary>
internal sealed class RouteOrigins
{
    /// <summary>Where nobody wrote anything.</summary>
    public const string Default = "default";

    private readonly Dictionary<Route, RouteNode> _written = [];

    /// <param name="root">The compiled root.</param>
    /// <param name="node">The node that it was compiled from.</param>
    public RouteOrigins(Route root, RouteNode node) => Add(root, node);

    /// <summary>Who wrote a setting of a route: <c>this route</c>, the root or another parent by name, or <see cref="Default"/>.</summary>
    public string Of(Route route, Func<RouteNode, bool> writes)
    {
        for (var at = route; at is not null; at = at.Parent)
        {
            if (writes(_written[at]))
                return at == route && at.Parent is not null ? "this route" : Name(at);
        }

        return Default;
    }

    /// <summary>What people call a route: its matchers, or that it is the root.</summary>
    public static string Name(Route route) =>
        route.Parent is null ? "root" : route.Matchers.IsEmpty ? "a route without matchers" : Spoken.OneLine($"{{{string.Join(',', route.Matchers)}}}");

    private void Add(Route route, RouteNode node)
    {
        _written.Add(route, node);
        for (var i = 0; i < route.Children.Length; i++)
            Add(route.Children[i], node.Routes[i]);
    }
}
