using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>What must hold whenever the engine has nothing to do: due messages are served, and groups and incidents agree.</summary>
internal static class RestCheck
{
    public static void Run(SimulatedWorld world)
    {
        var image = world.Image;
        var now = Time.Nanoseconds(world.Now);
        var late = image.Messages.Due(Lane.Inside, now).FirstOrDefault();
        Must.Hold(late is null, () => $"{late} is due and not served");
        world.Audit.Run();
        ReceiptCheck.Run(image, world.Senders.All);
        world.Books.Remembered(world.Person.Keyed);
        Agree(image, world.Now, Aside(world));
    }

    /// <summary>Groups and incidents agree, but for those that something was kept aside of.</summary>
    public static void Agree(Image image, NodaTime.Instant now, HashSet<string> aside)
    {
        var groups = image.Of(ActorKind.Group).ToDictionary(g => g.Id, g => (GroupState)image.StateOf(g.Id));
        var incidents = image.Of(ActorKind.Incident).ToDictionary(i => i.Id, i => (IncidentState)image.StateOf(i.Id));
        foreach (var (id, group) in groups.Where(g => !aside.Contains(g.Key.Key)))
            Group(id, group, image.Streams[id], incidents);
        foreach (var (id, incident) in incidents.Where(i => !aside.Contains(i.Key.Key)))
            Acknowledged(id, incident, image, now, aside);
        foreach (var (id, incident) in incidents.Where(i => !aside.Contains(i.Key.Key)))
            Incident(id, incident, image.Streams[id], groups, aside);
    }

    /// <summary>The groups, incidents and pages that a kept-aside message was for or about.</summary>
    public static HashSet<string> Aside(SimulatedWorld world) => Aside(world.Image, world.Lethal.WasThere);

    /// <summary>The same, held against whether each message was there so often when its process ended that it had to be kept aside.</summary>
    public static HashSet<string> Aside(Image image, Func<StoredDeadLetter, bool> wasThere)
    {
        var aside = new HashSet<string>(StringComparer.Ordinal);
        foreach (var letter in image.DeadLetters)
        {
            var told = Picture.Of(letter.Command);
            var poison = told.Contains(SimJournal.IncidentPoison, StringComparison.Ordinal) || told.Contains(SimJournal.Poison, StringComparison.Ordinal);
            Must.Hold(poison || wasThere(letter), () => $"{letter.Command} to {letter.To} is kept aside without need: {letter.Why}");
            aside.Add(letter.To.Key);
            if (About(letter.Command) is { } about)
                aside.Add(about.Key);
        }

        return aside;
    }

    private static StreamId? About(ICommand command) => command switch
    {
        OpenIncident c => c.Group,
        JoinIncident c => c.Group,
        ReopenBySource c => c.Group,
        EndProblem c => c.Group,
        UpdateFromSource c => c.Group,
        AdmitProblem c => c.Group,
        WithdrawPages c => StreamId.Incident(c.Incident),
        _ => null,
    };

    private static void Group(StreamId id, GroupState group, StoredStream stream, Dictionary<StreamId, IncidentState> incidents)
    {
        Must.Hold(!group.Open || group.Firing > 0 || group.Flapping is not null || stream.Happened.OfType<GroupRejoined>().Any(), () => $"{id}: open, nothing fires, it does not flap, and nobody opened its incident again");
        if (!group.Open || group.Waiting)
            return;
        var incident = incidents.GetValueOrDefault(StreamId.Incident(group.Incident!));
        Must.Hold(incident is not null, () => $"{id} is open and its incident {group.Incident} does not exist");
        Must.Hold(IncidentRules.IsOpen(incident!), () => $"{id} is open and its incident {group.Incident} is {incident!.Status}");
        Must.Hold(incident!.Groups.ContainsKey(id), () => $"{id} is open and its incident {group.Incident} does not know of it");
    }

    // Nobody is paged for what somebody has taken on or what has ended, and what was acknowledged counts no longer than its lease.
    private static void Acknowledged(StreamId id, IncidentState incident, Image image, NodaTime.Instant now, HashSet<string> aside)
    {
        Must.Hold(incident.AcknowledgedUntil is not { } until || until > now, () => $"{id}: acknowledged until {incident.AcknowledgedUntil}, and it is {now}");
        if (incident.AcknowledgedBy is null && IncidentRules.IsOpen(incident))
            return;
        var under = image.Of(ActorKind.Page).Where(p => p.Id.Key.StartsWith(id.Key, StringComparison.Ordinal) && !aside.Contains(p.Id.Key)).Select(p => (p.Id, ((PageState)image.StateOf(p.Id)).Status))
            .FirstOrDefault(p => p.Status is PageStatus.Trying or PageStatus.Waiting);
        Must.Hold(under.Id.Key is null, () => $"{under.Id} is {under.Status}, and {id} is {(incident.AcknowledgedBy is null ? "over" : "taken on")}");
    }

    private static void Incident(StreamId id, IncidentState incident, StoredStream stream, Dictionary<StreamId, GroupState> groups, HashSet<string> aside)
    {
        var open = IncidentRules.IsOpen(incident);

        // What a person opened again a person ends: a group of it may have a newer incident, or none fires.
        var held = stream.Happened.OfType<IncidentReopened>().LastOrDefault() is { Why: Reason.Reopened };
        foreach (var group in incident.Groups.Keys.Where(g => !aside.Contains(g.Key)))
        {
            Must.Hold(open, () => $"{id} is {incident.Status} and holds {group}");
            Must.Hold(held || groups[group] is { Open: true } g && g.Incident == id.Key, () => $"{id} holds {group}, which is {(groups[group].Open ? "open" : "ended")} for {groups[group].Incident}");
        }

        Must.Hold(!open || held || !incident.Groups.IsEmpty, () => $"{id} is open, no group of it is, and nobody holds it open");
    }
}
