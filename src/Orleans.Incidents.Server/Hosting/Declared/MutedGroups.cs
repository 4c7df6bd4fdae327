using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Server.Edge;
using NodaTime;

namespace Incidents.Server.Hosting;

/// <summary>
/// Tells groups that a mute holds back what the catalogue says of their route now: a mute that a changed file ends sooner must not last
/// until somebody sends again, or until its old end. They are found by the timers that wait for them.
/// </summary>
internal sealed class MutedGroups(Runtime runtime, Registry registry)
{
    /// <summary>So many stored messages are looked at in one go, so that nothing waits for this.</summary>
    private const int Page = 2_000;

    private static readonly string Timer = Payloads.Types.Single(t => t.Value == typeof(EndMute)).Key;

    /// <summary>Tells each of them once. Whom a stop cuts off the next start tells.</summary>
    public async Task TellAllAsync(CancellationToken stop)
    {
        try
        {
            var told = new HashSet<string>(StringComparer.Ordinal);
            for (var page = runtime.WaitingMessages.Timers(null, Page); page.Count > 0; page = runtime.WaitingMessages.Timers(page[^1], Page))
            {
                foreach (var to in page.Where(m => m.Type == Timer && told.Add(m.To)))
                    await TellAsync(StreamId.Parse(to.To)).WaitAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The engine answers nobody any more.
        }
    }

    private async Task TellAsync(StreamId group)
    {
        var read = await runtime.Actors.ReadAsync(group);
        if (read.State is not GroupState { Open: true, Muted: not null })
            return;
        var events = runtime.History.Events(group, 1, int.MaxValue).Select(e => (e.Envelope, Happened: Payloads.Read(e.Envelope.Type, e.Envelope.Payload))).ToList();
        var seen = events.Select(e => e.Happened switch { GroupOpened o => o.First, AlertFired f => f.Alert, _ => null }).OfType<AlertSeen>().Last();
        if (Target(group, seen) is not { } target)
            return;

        // Under the identity that its timer has.
        var muted = events.Last(e => e.Happened is GroupMuted).Envelope;
        var by = new Caller(muted.OnBehalfOf ?? muted.Actor, IdentityKind.Service).WhenDue();
        await runtime.Actors.CallAsync(CommandId.Of($"mute:{group}:{read.Version}:{Time.Now(runtime.Clock)}"), group, by, new LearnMute(target));
    }

    // A group does not know its route, but its newest alert leads there, unless the route is gone: then it keeps what it knows.
    private GroupTarget? Target(StreamId group, AlertSeen seen)
    {
        Routed[] routes = [.. registry.Destinations(seen.Labels).Select(RouteMemo.Target)];
        for (var place = 0; place < routes.Length; place++)
        {
            if (routes[place].Group == group || registry.Catalogue.Integrations.Keys.Any(i => Addressing.ByKey(i, seen.Key, routes[place], place) == group))
                return routes[place].Target;
        }

        return null;
    }
}
