using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>
/// When silence ends an alert. One timer a group, armed for the earliest deadline known; nothing cancels it, and a repeat
/// only moves a deadline: when the timer comes, the state decides. Where everything was repeated meanwhile the timer is put off
/// under what it was armed for first, which writes no event: a sender that repeats for ever must not fill the journal.
/// </summary>
internal static class GroupExpiry
{
    private static readonly ImmutableArray<Duration> Steps =
        [Duration.FromHours(1), Duration.FromMinutes(15), Duration.FromMinutes(5), Duration.FromMinutes(1), Duration.FromSeconds(15), Duration.FromSeconds(5), Duration.FromSeconds(1)];

    /// <summary>
    /// A time-out as a group keeps it: rounded up, by no more than a sixteenth, to a whole hour, quarter of one, five minutes, minute, 15 s, 5 s or
    /// second; below 16 s as it is. A sender that counts an alert's end from when it looked, as Prometheus does, names
    /// a shorter time-out each time, by what sending took: as kept they are one, so that sending again is a repeat.
    /// </summary>
    public static Duration Rounded(Duration after)
    {
        foreach (var step in Steps)
        {
            if (after >= step * 16)
                return step * ((after.ToInt64Nanoseconds() + step.ToInt64Nanoseconds() - 1) / step.ToInt64Nanoseconds());
        }

        return after;
    }

    /// <summary>The timer came: ends what is silent and arms the timer for the next deadline, if there is one.</summary>
    public static Decision Expire(StreamId self, GroupState state, ExpireAlerts timer, TurnInput input)
    {
        if (!state.Open || state.ArmedFor != timer.ArmedFor)
            return Decision.Nothing(Reason.GroupTimerLate);
        var (silent, next) = Watch(state, input.Now);
        if (silent.IsEmpty && next is { } putOff)
            return new(Reason.StillRepeated, [], [new(self, timer, putOff)]);

        // Also "not armed" is written down: an alert that comes later must arm a timer of its own.
        var armed = new ExpiryArmed(next);
        if (silent.IsEmpty)
            return Decision.Of(Reason.GroupTimerLate, armed);
        var ended = GroupRules.Ended(self, state, silent, Reason.EndedBySilence, input.Now);
        return ended.Events[^1] is GroupEnded
            ? ended
            : ended with { Events = ended.Events.Add(armed), Messages = ended.Messages.AddRange(Timer(self, next)) };
    }

    /// <summary>The places whose deadline has come, the boundary included, and the earliest of the other deadlines.</summary>
    public static (ImmutableArray<int> Silent, Instant? Next) Watch(GroupState state, Instant now)
    {
        var silent = ImmutableArray.CreateBuilder<int>();
        Instant? next = null;
        for (var place = 0; place < state.Members.Count; place++)
        {
            if (state.Members[place].Deadline is not { } deadline)
                continue;
            if (deadline <= now)
                silent.Add(place);
            else if (next is null || deadline < next)
                next = deadline;
        }

        return (silent.ToImmutable(), next);
    }

    /// <summary>
    /// What the timer must be armed for anew, because an alert with this deadline came; <see langword="null"/>: it comes soon enough as it is. Of
    /// a timer that was put off nobody knows when it comes: it is armed anew for the earliest deadline of all, and the old one is stale.
    /// </summary>
    public static Instant? Sooner(GroupState state, Instant? deadline, Instant now)
    {
        if (deadline is not { } at || (state.ArmedFor > now && state.ArmedFor <= at))
            return null;
        return state.Members.Aggregate(at, (earliest, m) => m.Deadline < earliest ? m.Deadline.Value : earliest);
    }

    /// <summary>The timer for a deadline; none without one.</summary>
    public static ImmutableArray<Message> Timer(StreamId self, Instant? deadline) =>
        deadline is { } at ? [new(self, new ExpireAlerts(at), at)] : [];
}
