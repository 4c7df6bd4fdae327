using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>How often a group's alerts must fire before there is an incident.</summary>
/// <param name="After">How many firing signals, repeats included; from 2 to <see cref="MaxAfter"/>.</param>
/// <param name="Within">Within how long, both ends included. Positive.</param>
/// <param name="AtOnceFrom">The least urgent severity that does not wait for it, inclusive.</param>
public sealed record OpeningThreshold(int After, Duration Within, Severity AtOnceFrom)
{
    /// <summary>The largest threshold: a group remembers so many times.</summary>
    public const int MaxAfter = 1000;

    /// <summary>How many of these times count at a moment.</summary>
    public int Counted(ImmutableArray<Instant> occurrences, Instant now) => occurrences.Count(at => now - at <= Within);
}

/// <summary>
/// Nobody is woken before an alert fired so many times. Below its threshold a group is open without an incident, as in its
/// <c>group_wait</c>. Each firing signal is an occurrence and stays one for the whole window, whether or not the alert ended meanwhile; so
/// what fires and ends again and again is counted as well as what is repeated. The count begins anew with each incident.
/// </summary>
internal static class GroupThreshold
{
    /// <summary>The threshold that a group stays below with one more signal; <see langword="null"/>: it has reached it, or there is none.</summary>
    public static OpeningThreshold? Below(GroupState state, Signal signal, Instant now) =>
        signal.Target.Threshold is { } threshold && !IsUrgent(signal.Alert, threshold) && threshold.Counted(state.Occurrences, now) + 1 < threshold.After ? threshold : null;

    /// <summary>Why a group opens that does not stay below a threshold.</summary>
    public static Reason WhyOpen(Signal signal) => signal.Target.Threshold switch
    {
        null => Reason.OpenedGroup,
        { } threshold => IsUrgent(signal.Alert, threshold) ? Reason.UrgentBeforeThreshold : Reason.ThresholdReached,
    };

    /// <summary>Counts one more signal of an open group that has no incident yet, and opens it when that is enough.</summary>
    public static Decision Count(StreamId self, GroupState state, Signal signal, TurnInput input)
    {
        // A repeat is written down as small as it is: only its time counts.
        var place = Folding.PlaceOfSame(state, signal.Alert);
        var counted = place >= 0
            ? Decision.Of(Reason.CountedBelowThreshold, new AlertCounted(state.Incident!, place, input.Now))
            : GroupRules.Join(self, state, signal.Alert, input) with { Reason = Reason.CountedBelowThreshold };
        if (Below(state, signal, input.Now) is { } below)
            return below == state.Counting ? counted : counted with { Events = counted.Events.Add(new ThresholdChanged(below)) };
        return Reach(self, state, counted, signal, input);
    }

    private static Decision Reach(StreamId self, GroupState state, Decision counted, Signal signal, TurnInput input)
    {
        var worst = counted.Events.Aggregate(state, GroupState.Evolve).Worst!;
        var wait = signal.Target.Wait;
        var mute = GroupMuting.WhenDue(signal.Target, input.Now);
        var reached = counted.Events.Add(new ThresholdReached(worst.Urgency, mute is not null || wait > Duration.Zero));
        if (mute is not null)
            return GroupMuting.Hold(self, counted with { Events = reached }, state.Incident!, mute, reopens: null, input.Now);
        Message next = wait > Duration.Zero
            ? new(self, new EndGroupWait(state.Incident!), input.Now + wait)
            : GroupIncident.Ask(self, reached.Aggregate(state, GroupState.Evolve), state.Incident!);
        return new(WhyOpen(signal), reached, [.. counted.Messages, next]);
    }

    private static bool IsUrgent(Alert alert, OpeningThreshold threshold) => GroupRules.Urgency(alert) <= threshold.AtOnceFrom;
}
