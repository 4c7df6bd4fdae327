using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Routing.Intervals;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>
/// A route that is mute asks for no incident. Its group is open without one, as in its <c>group_wait</c>, and a timer asks as soon
/// as the mute is over and something still fires: nobody has to send anything again. What had an incident before keeps it.
/// </summary>
internal static class GroupMuting
{
    /// <summary>
    /// The mute at the time when an incident would be asked for, that is when <c>group_wait</c> is over; <see langword="null"/>: none. So a mute
    /// that ends within the wait holds nothing back, and one that begins within it does.
    /// </summary>
    public static Mute? WhenDue(GroupTarget target, Instant now) => target.Mutes?.At(now + target.Wait);

    /// <summary>Holds back the incident that a decision would have asked for.</summary>
    public static Decision Hold(StreamId self, Decision opened, string incident, Mute mute) =>
        new(Reason.MutedByInterval, opened.Events.Add(new GroupMuted(mute)), opened.Messages.AddRange(Timer(self, incident, mute)));

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
        if ((signal.Target.Mutes?.At(input.Now) ?? WhenDue(signal.Target, input.Now)) is { } mute)
            return Hold(self, joined, state.Incident!, mute);
        var over = Over(self, joined.Events.Aggregate(state, GroupState.Evolve));
        return over with { Events = [.. joined.Events, .. over.Events], Messages = [.. joined.Messages, .. over.Messages] };
    }

    /// <summary>The timer came: the incident is asked for, unless the group ended or is mute until another time.</summary>
    public static Decision End(StreamId self, GroupState state, EndMute timer) =>
        state is { Open: true, Muted.Until: { } until } && until == timer.ArmedFor && state.Incident == timer.Incident
            ? Over(self, state)
            : Decision.Nothing(Reason.GroupTimerLate);

    private static Decision Over(StreamId self, GroupState state) =>
        Decision.Of(Reason.MuteOver, new MuteEnded(state.Worst!.Urgency), GroupIncident.Ask(self, state, state.Incident!));

    private static ImmutableArray<Message> Timer(StreamId self, string incident, Mute mute) =>
        mute.Until is { } until ? [new(self, new EndMute(incident, until), until)] : [];
}
