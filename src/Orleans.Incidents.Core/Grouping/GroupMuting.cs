using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Routing.Intervals;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>
/// A route that is mute asks for no incident. Its group is open without one, as in its <c>group_wait</c>, and a timer asks as soon
/// as the mute is over and something still fires: nobody has to send anything again. What had an incident before keeps it, and what
/// would have opened one again does so if the mute ends within the window.
/// </summary>
internal static class GroupMuting
{
    /// <summary>
    /// The mute at the time when an incident would be asked for, that is when <c>group_wait</c> is over; <see langword="null"/>: none. So a mute
    /// that ends within the wait holds nothing back, and one that begins within it does.
    /// </summary>
    public static Mute? WhenDue(GroupTarget target, Instant now) => target.Mutes?.At(now + target.Wait);

    /// <summary>Holds back the incident that a decision would have asked for.</summary>
    public static Decision Hold(StreamId self, Decision opened, string incident, Mute mute, Reopening? reopens, Instant now) =>
        new(Reason.MutedByInterval, opened.Events.Add(new GroupMuted(mute) { Reopens = reopens }), opened.Messages.Add(Timer(self, incident, mute, now)));

    /// <summary>
    /// Whether a route still is as mute as the group knows: it is mute, now or at the end of its wait, and is not where the timer was armed for.
    /// It is not so only when the configuration changed meanwhile, or when the timer is late.
    /// </summary>
    public static bool Stands(Mute known, GroupTarget target, Instant now) =>
        target.Mutes is { } mutes && (mutes.IsMuted(now) || mutes.IsMuted(now + target.Wait)) && (known.Until is not { } until || !mutes.IsMuted(until));

    /// <summary>A further signal of a group that a mute holds back, or one that shows that it no longer does.</summary>
    public static Decision Join(StreamId self, GroupState state, Signal signal, TurnInput input)
    {
        var joined = GroupRules.Join(self, state, signal.Alert, input) with { Reason = Reason.MutedByInterval };
        if (Stands(state.Muted!, signal.Target, input.Now))
            return joined;
        if (NowOrWhenDue(signal.Target, input.Now) is { } mute)
            return Hold(self, joined, state.Incident!, mute, state.Reopens, input.Now);
        var over = Over(self, joined.Events.Aggregate(state, GroupState.Evolve), input.Now);
        return over with { Events = [.. joined.Events, .. over.Events], Messages = [.. joined.Messages, .. over.Messages] };
    }

    /// <summary>The catalogue was applied: what it says of the group's route counts from now on. An end that has passed is the timer's.</summary>
    public static Decision Learn(StreamId self, GroupState state, GroupTarget target, TurnInput input)
    {
        if (state is not { Open: true, Muted: { } known } || known.Until <= input.Now)
            return Decision.Nothing(Reason.GroupTimerLate);
        if (NowOrWhenDue(target, input.Now) is not { } mute)
            return Over(self, state, input.Now);
        return mute.Until == known.Until ? Decision.Nothing(Reason.MutedByInterval) : Hold(self, Decision.Nothing(Reason.MutedByInterval), state.Incident!, mute, state.Reopens, input.Now);
    }

    /// <summary>The timer came: the incident is asked for, unless the group ended or is mute until another time.</summary>
    public static Decision End(StreamId self, GroupState state, EndMute timer, Instant now) =>
        state is { Open: true, Muted.Until: { } until } && until == timer.ArmedFor && state.Incident == timer.Incident
            ? Over(self, state, now)
            : Decision.Nothing(Reason.GroupTimerLate);

    private static Mute? NowOrWhenDue(GroupTarget target, Instant now) => target.Mutes?.At(now) ?? WhenDue(target, now);

    // A timer that is late takes nothing away: what counts is when the mute was over.
    private static Decision Over(StreamId self, GroupState state, Instant now)
    {
        var (worst, ended) = (state.Worst!, new MuteEnded(state.Worst!.Urgency));
        return state.Reopens is { } last && (state.Muted!.Until is { } until && until < now ? until : now) <= last.Until
            ? new(Reason.MuteOver, [ended, new GroupMoved(last.Incident, Reason.ReopenedWithinWindow)],
                [new(StreamId.Incident(last.Incident), new ReopenBySource(self, state.Episode, worst.Urgency, worst.Title))])
            : Decision.Of(Reason.MuteOver, ended, GroupIncident.Ask(self, state, state.Incident!));
    }

    // One whose end is beyond the horizon has a timer too, which finds nothing to do: by it a changed catalogue finds the group.
    private static Message Timer(StreamId self, string incident, Mute mute, Instant now)
    {
        var due = mute.Until ?? now + MuteSchedule.Horizon;
        return new(self, new EndMute(incident, due), due);
    }
}
