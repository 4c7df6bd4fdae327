using System.Collections.Concurrent;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Grouping;

namespace Incidents.Server.Edge;

/// <summary>What routing says of a label set, so that a repeated alert is not routed again. Bounded: a full memo starts over.</summary>
internal sealed class RouteMemo
{
    private const int Capacity = 65_536;

    private ConcurrentDictionary<LabelSet, Routed[]> _known = [];
    private Registry? _of;
    private int _count;

    public Routed[] Find(Registry registry, LabelSet labels)
    {
        // Counted here: the dictionary's own count would take all of its locks.
        if (!ReferenceEquals(_of, registry) || _count > Capacity)
            (_of, _known, _count) = (registry, [], 0);
        if (_known.TryGetValue(labels, out var found))
            return found;
        found = [.. registry.Destinations(labels).Select(Target)];
        _known[labels] = found;
        Interlocked.Increment(ref _count);
        return found;
    }

    /// <summary>The group that a route leads to, and what it needs to know.</summary>
    public static Routed Target(Destination destination)
    {
        var options = destination.Route.Options;

        // Two routes may lead to one service with the same labels: the route's own key keeps their groups apart.
        var key = LabelSet.Of("route", destination.Route.Id).Fingerprint;
        var target = new GroupTarget(options.Receiver, destination.Group, options.GroupWait, options.ReopenWindow)
        {
            Flap = options.Flap, Threshold = options.Threshold.After > 1 ? options.Threshold : null,
            Mutes = destination.Route.Mutes,
        };
        return new Routed(StreamId.GroupByLabels(options.Receiver, destination.Group.Fingerprint ^ key), target, key);
    }
}
