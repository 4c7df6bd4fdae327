using Incidents.Alerts;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>
/// Alerts that were received since the group's last event and changed nothing. They are durable in receipt blocks before
/// anyone is answered; <see cref="AlertsRepeated"/> takes them into the journal. One value holds one identity's repeats.
/// </summary>
/// <param name="By">The identity that sent them.</param>
/// <param name="Count">How many.</param>
/// <param name="Since">When the first of them was received.</param>
/// <param name="Seen">When each member among them whose silence is watched was last received.</param>
public sealed record Repeats(string By, long Count, Instant Since, LastSeen Seen)
{
    /// <summary>This value with one more alert.</summary>
    public Repeats Add(Member member, int place, Instant at) =>
        this with { Count = Count + 1, Seen = member.ExpiresAfter is null ? Seen : Seen.With(place, at) };

    /// <summary>The first repeat after an event.</summary>
    public static Repeats First(string by, Member member, int place, Instant at) => new Repeats(by, 0, at, default).Add(member, place, at);

    /// <summary>This value as a live engine holds it: receipt blocks name every member, also those whose silence nobody watches.</summary>
    public Repeats Watched(GroupState state) => this with { Seen = Seen.Where(place => state.Members[place].ExpiresAfter is not null) };

    /// <summary>The event that takes them into the journal.</summary>
    public AlertsRepeated ToEvent(string incident) =>
        new(incident, Count, [.. Seen.InOrder()]);
}

/// <summary>The rule for repeats.</summary>
public static class Folding
{
    /// <summary>
    /// The place of the member that this alert merely repeats, or -1 when a rule has to look at it. An alert is a repeat when
    /// its member fires already with the same urgency, the same beginning, and a time-out that is shorter by no more than a
    /// quarter and never longer: folding may end an alert late by that much, but never before its own time-out.
    /// Title and annotations may differ: no rule reads them, and the group keeps those it saw first.
    /// </summary>
    /// <param name="state">The group.</param>
    /// <param name="signal">The alert, and where routing sends it now: a mute that holds the group back must still be so, and no group on another route be new.</param>
    /// <param name="now">When it is decided.</param>
    public static int PlaceOfRepeat(GroupState state, Signal signal, Instant now) =>
        state.Counting is null && (state.Muted is not { } muted || GroupMuting.Stands(muted, signal.Target, now)) && GroupSiblings.AreKnown(state, signal)
            ? PlaceOfSame(state, signal.Alert)
            : -1;

    /// <summary>The same without regard to rules that count every signal.</summary>
    internal static int PlaceOfSame(GroupState state, Alert alert)
    {
        if (!state.Open || alert.Action != AlertAction.Trigger || state.Members.PlaceOf(alert.DedupKey) is not (var place and >= 0))
            return -1;
        var member = state.Members[place];
        return member.Firing && member.Severity == alert.Severity && SameStart(member.StartedAt, alert.StartedAt) && SameTimeout(member.ExpiresAfter, alert.ExpiresAfter)
            ? place
            : -1;
    }

    // A sender that gives no beginning, or one that gave none before, says nothing about a new episode.
    private static bool SameStart(Instant? known, Instant? now) => known is null || now is null || known == now;

    private static bool SameTimeout(Duration? known, Duration? now) => known is { } a && now is { } b
        ? b <= a && a - b <= a / 4
        : known is null == now is null;
}
