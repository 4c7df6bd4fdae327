using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Identities;

namespace Incidents.Server.Edge;

/// <summary>
/// Which groups an alert goes to. What is grouped by its labels goes to one group a route. A sender's own key has one group a route as
/// well, found by key and route; the first is found by the key alone, because later signals may carry nothing else, and passes them on.
/// </summary>
internal static class Addressing
{
    /// <summary>How many of the routes that match are followed: an acknowledgement or a resolve by key goes to the key's first group only.</summary>
    public static int Followed(Alert alert, int routes) => alert is { Identity: AlertIdentity.Key, Action: not AlertAction.Trigger } ? Math.Min(routes, 1) : routes;

    /// <summary>The group that a sender's own key has on one of the routes that match, whose place is from 0.</summary>
    public static StreamId ByKey(string integration, string dedupKey, Routed route, int place)
    {
        var key = LabelSet.Of("key", dedupKey).Fingerprint;
        return StreamId.GroupByKey(integration, place == 0 ? key : key ^ route.Key);
    }

    /// <summary>The group that an alert goes to by one of its routes, and what it decides on.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="integration">Where it came from.</param>
    /// <param name="routes">All routes that match, in order.</param>
    /// <param name="place">Which of them, from 0.</param>
    public static (StreamId Group, Signal Signal) Of(Alert alert, IntegrationDefinition integration, ReadOnlySpan<Routed> routes, int place)
    {
        var signal = new Signal(alert, routes[place].Target);
        if (alert.Identity == AlertIdentity.Labels)
            return (routes[place].Group, signal);
        var group = ByKey(integration.Id, alert.DedupKey, routes[place], place);
        return (group, place > 0 || Followed(alert, routes.Length) == 1 ? signal : signal with { Also = [.. Siblings(routes[1..])] });

        Sibling[] Siblings(ReadOnlySpan<Routed> others)
        {
            var siblings = new Sibling[others.Length];
            for (var i = 0; i < siblings.Length; i++)
                siblings[i] = new Sibling(ByKey(integration.Id, alert.DedupKey, others[i], i + 1), others[i].Target);
            return siblings;
        }
    }
}

/// <summary>One route that takes an alert.</summary>
/// <param name="Group">The group that the alert's labels make there.</param>
/// <param name="Target">What the group needs to know.</param>
/// <param name="Key">What tells the route from others.</param>
internal readonly record struct Routed(StreamId Group, GroupTarget Target, ulong Key);
