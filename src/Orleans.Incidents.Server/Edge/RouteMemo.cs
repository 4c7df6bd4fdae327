using System.Runtime.CompilerServices;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Grouping;

namespace Incidents.Server.Edge;

/// <summary>
/// What routing says of a label set, kept as long as the set itself lives: translators hand out the same object for the same
/// bytes, so a repeated alert is not routed again.
/// </summary>
internal sealed class RouteMemo
{
    private ConditionalWeakTable<LabelSet, (StreamId Group, GroupTarget Target)[]> _known = [];
    private Registry? _of;

    public (StreamId Group, GroupTarget Target)[] Find(Registry registry, LabelSet labels)
    {
        if (!ReferenceEquals(_of, registry))
            (_of, _known) = (registry, []);
        if (_known.TryGetValue(labels, out var found))
            return found;
        found = [.. registry.Destinations(labels).Select(d => Target(d))];
        _known.AddOrUpdate(labels, found);
        return found;
    }

    private static (StreamId, GroupTarget) Target(Destination destination)
    {
        var options = destination.Route.Options;

        // Two routes may lead to one service with the same labels: the route's own key keeps their groups apart.
        var fingerprint = destination.Group.Fingerprint ^ LabelSet.Of("route", destination.Route.Id).Fingerprint;
        return (StreamId.GroupByLabels(options.Receiver, fingerprint), new GroupTarget(options.Receiver, destination.Group, options.GroupWait, options.ReopenWindow));
    }
}
