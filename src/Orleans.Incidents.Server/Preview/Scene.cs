using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Identities;
using Incidents.Server.Edge;
using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>Alerts routed as intake does it, then rehearsed one behind the other.</summary>
/// <param name="registry">The routes.</param>
/// <param name="states">What is true now.</param>
/// <param name="by">As whom everything is decided.</param>
/// <param name="integration">Whose alerts they are.</param>
internal sealed class Scene(Registry registry, IStates states, Caller by, IntegrationDefinition integration)
{
    private readonly List<Item> _items = [];
    private int _alerts;

    public Rehearsal Rehearsal { get; } = new(states, by);

    /// <summary>What the routes say of the alerts so far.</summary>
    public RouteList Routes { get; } = new();

    /// <summary>Plays alerts as those of one request; their places go on from those of the requests before.</summary>
    public async Task PlayAsync(IReadOnlyList<Alert> alerts, Instant at)
    {
        var before = _items.Count;
        var view = registry.Routes is { } tree ? new RouteView(tree, registry.Catalogue.Route!, at) : null;
        foreach (var alert in alerts)
        {
            if (view is not null)
                Routes.Add(view, _alerts, alert);
            Address(alert, _alerts++, at);
        }

        await Rehearsal.SignalAsync([.. _items.Skip(before).Select(i => (i.Group, i.Signal))], at);
    }

    /// <summary>What would be done, an entry an alert and route, in their order; one for each alert where there is no route at all.</summary>
    public async Task<IReadOnlyList<WouldDo>> TellAsync() => registry.Routes is not null
        ? await new Teller(Rehearsal, by).TellAsync(_items)
        : [.. Enumerable.Range(0, _alerts).Select(i => new WouldDo { Alert = i, Reason = nameof(Audit.Reason.NoRoute), Text = "refused: no route is configured that leads to a service" })];

    private void Address(Alert alert, int index, Instant at)
    {
        var destinations = registry.Destinations(alert.Labels);
        Routed[] routes = [.. destinations.Select(RouteMemo.Target)];
        for (var place = 0; place < Addressing.Followed(alert, routes.Length); place++)
        {
            var (group, signal) = Addressing.Of(alert, integration, routes, place);
            _items.Add(new Item(_items.Count, index, destinations[place].Route.Id, group, signal, at));
        }
    }
}
