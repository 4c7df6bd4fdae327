using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Services;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>
/// When alerts open, join, repeat and end a group, and what its incident hears of it. Silence has its own file,
/// <see cref="GroupExpiry"/>; what the incident answers, <see cref="GroupIncident"/>; too many beginnings,
/// <see cref="GroupFlapping"/>; too few alerts, <see cref="GroupThreshold"/>; a route that is mute, <see cref="GroupMuting"/>;
/// one key by several routes, <see cref="GroupSiblings"/>.
/// </summary>
public static class GroupRules
{
    /// <summary>Decides on a command. Pure. Repeats never come here: see <see cref="Folding"/>.</summary>
    public static Decision Decide(StreamId self, GroupState state, ICommand command, TurnInput input) => command switch
    {
        Signal { Alert.Action: AlertAction.Trigger } c =>
            GroupSiblings.Learn(state, GroupFlapping.Watch(self, state, Fire(self, state, c, input), c.Target.Flap, input), c),
        Signal { Alert.Action: AlertAction.Resolve } c => GroupSiblings.Forward(state, End(self, state, c.Alert, input), c),
        Signal { Alert.Action: AlertAction.Acknowledge } c => GroupSiblings.Forward(state, Acknowledge(state, c.Alert), c),
        KeepFiring c => state.Open && state.Find(c.Alert.DedupKey) is { Firing: true }
            ? Decision.Nothing(Reason.FiresAlready)
            : Decide(self, state, new Signal(c.Alert, c.Target), input),
        ExpireAlerts c => GroupExpiry.Expire(self, state, c, input),
        SettleFlapping c => GroupFlapping.Settle(self, state, c, input),
        LearnMute c => GroupMuting.Learn(self, state, c.Target, input),
        EndMute c => GroupMuting.End(self, state, c, input.Now),
        EndGroupWait c => state is { Open: true, Waiting: true, Counting: null } && state.Incident == c.Incident
            ? Decision.Of(Reason.GroupWaitOver, new GroupWaitEnded(state.Worst!.Urgency), GroupIncident.Ask(self, state, c.Incident))
            : Decision.Nothing(Reason.GroupTimerLate),
        _ => GroupIncident.Decide(self, state, command, input),
    };

    /// <summary>Alerts ended; with the last firing one the group ends and its incident hears of it, unless the group flaps.</summary>
    internal static Decision Ended(StreamId self, GroupState state, ImmutableArray<int> places, Reason why, Instant now)
    {
        var ended = new AlertsEnded(places, why, now);
        if (state.Firing > places.Length)
            return Decision.Of(why, ended);
        if (GroupFlapping.Holds(state, now))
            return Decision.Of(Reason.HeldForFlapping, ended);

        // A group that ends inside its wait never asked for an incident: there is nobody to tell.
        return new(why, [ended, new GroupEnded(now)],
            state.Waiting ? [] : [new(StreamId.Incident(state.Incident!), new EndProblem(self, state.Episode, why))]);
    }

    /// <summary>The urgency that rules go by.</summary>
    internal static Severity Urgency(Alert alert) => alert.Severity ?? Severity.Error;

    private static Decision Fire(StreamId self, GroupState state, Signal sent, TurnInput input)
    {
        var signal = sent.Alert.ExpiresAfter is { } after ? sent with { Alert = sent.Alert with { ExpiresAfter = GroupExpiry.Rounded(after) } } : sent;
        return state switch
        {
            { Open: false } => Open(self, state, signal, input),
            { Muted: not null } => GroupMuting.Join(self, state, signal, input),
            { Counting: not null } => GroupThreshold.Count(self, state, signal, input),
            _ => Join(self, state, signal.Alert, input),
        };
    }

    private static Decision Open(StreamId self, GroupState state, Signal signal, TurnInput input)
    {
        var (alert, target) = (signal.Alert, signal.Target);
        var first = Seen(alert);
        var deadline = input.Now + alert.ExpiresAfter;
        var timer = GroupExpiry.Timer(self, deadline);
        var reopens = Reopens(state, target, input.Now);
        var now = reopens is null ? null : target.Mutes?.At(input.Now);
        if (reopens is not null && now is null)
        {
            return new(Reason.ReopenedWithinWindow, [new GroupReopened(reopens.Incident, first, input.Now, deadline)],
                [new(StreamId.Incident(reopens.Incident), new ReopenBySource(self, state.Episode + 1, Urgency(alert), alert.Title)), .. timer]);
        }

        var incident = input.Id.IncidentId(input.Now, StreamId.Service(target.Service).Shard);
        var counting = GroupThreshold.Below(state, signal, input.Now);
        var waits = target.Wait > Duration.Zero;
        var opened = new GroupOpened(target.Service, target.Labels, incident, waits || counting is not null, first, input.Now, deadline) { Counting = counting };

        // It needs no count and no wait, as without the mute, because its incident had them.
        if (now is { Until: { } over } && over <= reopens!.Until)
            return GroupMuting.Hold(self, new(Reason.MutedByInterval, [opened with { Waits = true, Counting = null }], timer), incident, now, reopens, input.Now);
        if (counting is not null)
            return new(Reason.CountedBelowThreshold, [opened], timer);
        if (GroupMuting.WhenDue(target, input.Now) is { } mute)
            return GroupMuting.Hold(self, new(Reason.MutedByInterval, [opened with { Waits = true }], timer), incident, mute, reopens, input.Now);
        Message next = waits
            ? new(self, new EndGroupWait(incident), input.Now + target.Wait)
            : new(StreamId.Service(target.Service), new AdmitProblem(self, state.Episode + 1, incident, alert.Title, alert.Severity, target.Labels));
        return new(waits ? Reason.WaitsForGroup : GroupThreshold.WhyOpen(signal), [opened], [next, .. timer]);
    }

    // A group that ended inside its wait left no incident to re-open, unless a mute held back what would have opened one again; and one
    // that is routed elsewhere now is not that incident's.
    private static Reopening? Reopens(GroupState state, GroupTarget target, Instant now)
    {
        if (state.Service != target.Service || target.ReopenWindow <= Duration.Zero || state is not { Incident: { } last, EndedAt: { } ended })
            return null;
        var known = state.Waiting ? state.Reopens : new Reopening(last, ended + target.ReopenWindow);
        return known?.Until >= now ? known : null;
    }

    /// <summary>A further alert of an open group, or a known one that is not as it was.</summary>
    internal static Decision Join(StreamId self, GroupState state, Alert alert, TurnInput input)
    {
        var known = state.Find(alert.DedupKey);
        var sooner = GroupExpiry.Sooner(state, input.Now + alert.ExpiresAfter, input.Now);
        var fired = new AlertFired(state.Incident!, Seen(alert), input.Now, sooner ?? state.ArmedFor);
        var messages = ImmutableArray.CreateBuilder<Message>();
        var count = state.Members.Count + (known is null ? 1 : 0);

        // Only news raises: what a person set lower stays so while nothing more urgent comes than came before.
        var raised = Urgency(alert) < state.Peak;
        if (!state.Waiting && (raised || (known is null && Milestones.Contains(count))))
            messages.Add(new(StreamId.Incident(state.Incident!), new UpdateFromSource(self, count, raised ? Urgency(alert) : null, alert.Title)));
        messages.AddRange(GroupExpiry.Timer(self, sooner));
        return new(known switch { null => Reason.JoinedGroup, { Firing: false } => Reason.FiredAgain, _ => Reason.AlertChanged }, [fired], messages.ToImmutable());
    }

    private static Decision Acknowledge(GroupState state, Alert alert)
    {
        if (!state.Open || state.Find(alert.DedupKey) is not { Firing: true })
            return Decision.Nothing(Reason.NothingOpen);

        // Inside the wait it is remembered, and the incident hears of it when it is there. There it may have expired, so it also hears it again.
        ImmutableArray<Message> tell = state.Waiting ? [] : [new(StreamId.Incident(state.Incident!), new AcknowledgeBySource())];
        return state.Acknowledged
            ? new(Reason.AlreadyAcknowledged, [], tell)
            : new(Reason.AcknowledgedBySource, [new GroupAcknowledged(alert.DedupKey)], tell);
    }

    private static Decision End(StreamId self, GroupState state, Alert alert, TurnInput input) =>
        state.Open && state.Members.PlaceOf(alert.DedupKey) is var place and >= 0 && state.Members[place].Firing
            ? Ended(self, state, [place], Reason.ResolvedBySource, input.Now)
            : Decision.Nothing(Reason.NothingOpen);

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
