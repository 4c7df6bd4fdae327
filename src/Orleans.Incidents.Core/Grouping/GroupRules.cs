using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Services;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>When alerts open, join, repeat and end a group, and what its incident hears of it.</summary>
public static class GroupRules
{
    /// <summary>Decides on a command. Pure. Repeats never come here: see <see cref="Folding"/>.</summary>
    public static Decision Decide(StreamId self, GroupState state, ICommand command, TurnInput input) => command switch
    {
        Signal { Alert.Action: AlertAction.Trigger } c => state.Open ? Join(self, state, c.Alert, input) : Open(self, state, c, input),
        Signal { Alert.Action: AlertAction.Resolve } c => End(state, c.Alert, self, input),
        Signal { Alert.Action: AlertAction.Acknowledge } c => Acknowledge(state, c.Alert),
        ExpireAlerts c => Expire(self, state, c, input),
        EndGroupWait c => state is { Open: true, Waiting: true } && state.Incident == c.Incident
            ? Decision.Of(Reason.GroupWaitOver, new GroupWaitEnded(), Problem(self, state))
            : Decision.Nothing(Reason.GroupTimerLate),
        EndGroup c => state.Open && state.Incident == c.Incident
            ? Decision.Of(Reason.IncidentEnded, new GroupEnded(input.Now), Over(self, state, Reason.IncidentEnded))
            : Decision.Nothing(Reason.GroupAlreadyQuiet),
        PlaceProblem c => Place(self, state, c),
        _ => throw new UnknownCommandException(command),
    };

    private static Decision Open(StreamId self, GroupState state, Signal signal, TurnInput input)
    {
        var alert = signal.Alert;
        var first = Seen(alert);
        var deadline = input.Now + alert.ExpiresAfter;
        var timer = Timer(self, deadline);
        if (state is { Incident: { } last, Asked: { } asked, EndedAt: { } ended } && signal.Target.ReopenWindow > Duration.Zero && input.Now - ended <= signal.Target.ReopenWindow)
        {
            return new(Reason.ReopenedWithinWindow, [new GroupReopened(last, first, input.Now, deadline)],
                [new(StreamId.Incident(last), new ReopenBySource(self, asked, alert.Severity, alert.Title)), .. timer]);
        }

        var incident = input.Id.IncidentId(input.Now);
        var waits = signal.Target.Wait > Duration.Zero;
        var opened = new GroupOpened(signal.Target.Service, signal.Target.Labels, incident, waits, first, input.Now, deadline);
        Message next = waits
            ? new(self, new EndGroupWait(incident), input.Now + signal.Target.Wait)
            : new(StreamId.Service(signal.Target.Service), new AdmitProblem(self, incident, alert.Title, alert.Severity, signal.Target.Labels));
        return new(waits ? Reason.WaitsForGroup : Reason.OpenedGroup, [opened], [next, .. timer]);
    }

    private static Decision Join(StreamId self, GroupState state, Alert alert, TurnInput input)
    {
        var known = state.Find(alert.DedupKey);
        var deadline = input.Now + alert.ExpiresAfter;
        var earlier = deadline is { } d && (state.ArmedFor is null || d < state.ArmedFor);
        var fired = new AlertFired(state.Incident!, Seen(alert), input.Now, earlier ? deadline : state.ArmedFor);
        var messages = ImmutableArray.CreateBuilder<Message>();
        var count = state.Members.Count + (known is null ? 1 : 0);
        var raised = alert.Severity is { } severity && severity < (state.Peak ?? Severity.Error);
        if (!state.Waiting && (raised || (known is null && Milestones.Contains(count))))
            messages.Add(new(StreamId.Incident(state.Incident!), new UpdateFromSource(self, count, alert.Severity, alert.Title)));
        if (earlier)
            messages.AddRange(Timer(self, deadline));
        return new(known switch { null => Reason.JoinedGroup, { Firing: false } => Reason.FiredAgain, _ => Reason.AlertChanged }, [fired], messages.ToImmutable());
    }

    private static Decision Acknowledge(GroupState state, Alert alert)
    {
        if (!state.Open || state.Find(alert.DedupKey) is not { Firing: true })
            return Decision.Nothing(Reason.NothingOpen);
        return state.Acknowledged || state.Waiting
            ? Decision.Nothing(Reason.AlreadyAcknowledged)
            : Decision.Of(Reason.AcknowledgedBySource, new GroupAcknowledged(alert.DedupKey), new Message(StreamId.Incident(state.Incident!), new AcknowledgeBySource()));
    }

    private static Decision End(GroupState state, Alert alert, StreamId self, TurnInput input) =>
        state.Open && state.Places.TryGetValue(alert.DedupKey, out var place) && state.Members[place].Firing
            ? Ended(self, state, [place], Reason.ResolvedBySource, input.Now)
            : Decision.Nothing(Reason.NothingOpen);

    private static Decision Expire(StreamId self, GroupState state, ExpireAlerts timer, TurnInput input)
    {
        if (!state.Open || state.ArmedFor != timer.ArmedFor)
            return Decision.Nothing(Reason.GroupTimerLate);
        var silent = ImmutableArray.CreateBuilder<int>();
        Instant? next = null;
        for (var place = 0; place < state.Members.Count; place++)
        {
            if (state.Members[place].Deadline is not { } deadline)
                continue;
            if (deadline <= input.Now)
                silent.Add(place);
            else if (next is null || deadline < next)
                next = deadline;
        }

        // Nothing watches the silence any more when the last watched alert ended by word.
        var armed = new ExpiryArmed(next);
        if (silent.Count == 0)
            return new(next is null ? Reason.GroupTimerLate : Reason.StillRepeated, [armed], Timer(self, next));
        var ended = Ended(self, state, silent.ToImmutable(), Reason.EndedBySilence, input.Now);
        return ended.Events.Length == 1
            ? ended with { Events = ended.Events.Add(armed), Messages = ended.Messages.AddRange(Timer(self, next)) }
            : ended;
    }

    private static Decision Ended(StreamId self, GroupState state, ImmutableArray<int> places, Reason why, Instant now)
    {
        var ended = new AlertsEnded(places, why, now);
        if (state.Firing > places.Length)
            return Decision.Of(why, ended);

        // A group that ends inside its wait never asked for an incident: there is nobody to tell.
        return new(why, [ended, new GroupEnded(now)],
            state.Waiting ? [] : [Over(self, state, why)]);
    }

    private static Message Over(StreamId self, GroupState state, Reason why) => new(StreamId.Incident(state.Incident!), new EndProblem(self, state.Asked!, why));

    private static Decision Place(StreamId self, GroupState state, PlaceProblem place)
    {
        var incident = StreamId.Incident(place.Incident);
        var ended = new Message(incident, new EndProblem(self, place.Asked, Reason.ResolvedBySource));

        // The group has gone on to another problem, and nobody else will end this one.
        if (state.Incident != place.Proposed)
            return new(Reason.GroupTimerLate, [], [ended]);
        var messages = ImmutableArray.CreateBuilder<Message>();
        if (!state.Open)
            messages.Add(ended);
        else if (state.Peak < place.Severity)
            messages.Add(new(incident, new UpdateFromSource(self, state.Members.Count, state.Peak, state.Members[0].Title)));
        if (state is { Open: true, Acknowledged: true })
            messages.Add(new(incident, new AcknowledgeBySource()));
        return place.Incident == place.Proposed
            ? new(Reason.OpenedIncident, [], messages.ToImmutable())
            : new(Reason.JoinedStorm, [new GroupJoinedStorm(place.Incident, place.Asked)], messages.ToImmutable());
    }

    private static Message Problem(StreamId self, GroupState state)
    {
        var firing = state.Members.Where(m => m.Firing).ToList();
        var worst = firing.MinBy(m => m.Severity ?? Severity.Error)!;
        return new(StreamId.Service(state.Service), new AdmitProblem(self, state.Incident!, worst.Title, worst.Severity, state.Labels));
    }

    private static ImmutableArray<Message> Timer(StreamId self, Instant? deadline) =>
        deadline is { } at ? [new(self, new ExpireAlerts(at), at)] : [];

    private static AlertSeen Seen(Alert alert) => new(
        alert.DedupKey, alert.Title, alert.Severity, alert.RawSeverity, alert.Source, alert.Labels, alert.Annotations, alert.Links, alert.StartedAt, alert.ExpiresAfter);
}

/// <summary>The numbers of alerts at which an incident's timeline says how large it has grown: 2, 5, 10, 20, 50, 100, …</summary>
public static class Milestones
{
    /// <summary>Whether a count is one of them.</summary>
    public static bool Contains(long count)
    {
        while (count >= 10 && count % 10 == 0)
            count /= 10;
        return count is 1 or 2 or 5;
    }
}
