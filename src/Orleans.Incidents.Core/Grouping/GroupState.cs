using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Routing.Intervals;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>One alert of a group, told from the others by its dedup key.</summary>
/// <param name="Key">The dedup key.</param>
/// <param name="Title">One line, as first seen.</param>
/// <param name="Severity">The urgency last journalled; <see langword="null"/>: the sender gave none.</param>
/// <param name="Firing">Whether it fires.</param>
/// <param name="StartedAt">When it began by the sender's clock.</param>
/// <param name="ExpiresAfter">How long it may be silent; <see langword="null"/>: for ever.</param>
/// <param name="SeenAt">When it was last received, as far as journalled.</param>
public sealed record Member(
    string Key, string Title, Severity? Severity, bool Firing, Instant? StartedAt, Duration? ExpiresAfter, Instant SeenAt)
{
    /// <summary>The urgency that rules go by: without one an alert counts as <see cref="Severity.Error"/>.</summary>
    public Severity Urgency => Severity ?? Alerts.Severity.Error;

    /// <summary>When it counts as ended unless it is sent again; the boundary itself counts as ended.</summary>
    public Instant? Deadline => Firing && ExpiresAfter is { } after ? SeenAt + after : null;
}

/// <summary>An incident that a group ended with, while it may open again.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Until">The end of the window, counted from the group's end; itself still within.</param>
public sealed record Reopening(string Incident, Instant Until);

/// <summary>Alerts that share a group key; at most one incident is open for them.</summary>
public sealed record GroupState
{
    /// <summary>Before anything happened.</summary>
    public static GroupState Initial { get; } = new();

    /// <summary>Whether the group has an incident, or waits to open one.</summary>
    public bool Open { get; init; }

    /// <summary>Whether no incident was asked for: <c>group_wait</c> still runs, the threshold is not reached, the route is mute, or the group ended before.</summary>
    public bool Waiting { get; init; }

    /// <summary>
    /// How often the group opened or re-opened. An episode ends with its last alert or with its incident; messages name theirs,
    /// so that one that comes late does not touch the next.
    /// </summary>
    public long Episode { get; init; }

    /// <summary>The incident of the open group, or the last one of a quiet group; <see langword="null"/> before the first.</summary>
    public string? Incident { get; init; }

    /// <summary>The service that the alerts were routed to when the group opened.</summary>
    public string Service { get; init; } = "";

    /// <summary>What the group's alerts have in common; labels of the first alert, reduced by <c>group_by</c>.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>All alerts since the group opened, in order of appearance; places are stable until it opens anew.</summary>
    public MemberList Members { get; init; }

    /// <summary>How many members fire.</summary>
    public int Firing { get; init; }

    /// <summary>The most urgent severity that any alert had since the incident was asked for; an alert without one counts as <see cref="Severity.Error"/>.</summary>
    public Severity Peak { get; init; } = Severity.Info;

    /// <summary>How many alerts were folded since the group first existed, as far as journalled.</summary>
    public long Repeats { get; init; }

    /// <summary>When the group last ended, by all alerts ending or by its incident's; <see langword="null"/> before.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>What the expiry timer was armed for, and may have been put off from since; <see langword="null"/>: not armed.</summary>
    public Instant? ArmedFor { get; init; }

    /// <summary>Whether the source said that somebody has taken it on, since the group opened.</summary>
    public bool Acknowledged { get; init; }

    /// <summary>The groups of the same sender's key on other routes that may have taken its trigger and have not heard of its end.</summary>
    public ImmutableArray<StreamId> Siblings { get; init; } = [];

    /// <summary>The threshold that the open group is below; <see langword="null"/>: none.</summary>
    public OpeningThreshold? Counting { get; init; }

    /// <summary>What holds the open group's incident back; <see langword="null"/>: no mute does.</summary>
    public Mute? Muted { get; init; }

    /// <summary>
    /// The incident that the group goes on with instead of <see cref="Incident"/>, if the mute is over in time; <see langword="null"/>: none. What ended
    /// inside the mute leaves it, because it asked for nothing.
    /// </summary>
    public Reopening? Reopens { get; init; }

    /// <summary>When alerts fired below the threshold, oldest first: as many as it takes, also of earlier openings since the last incident.</summary>
    public ImmutableArray<Instant> Occurrences { get; init; } = [];

    /// <summary>When the group last began to fire, oldest first: as many as a <see cref="FlapRule"/> may look at, also of earlier incidents.</summary>
    public ImmutableArray<Instant> Begun { get; init; } = [];

    /// <summary>How the open group flaps; <see langword="null"/>: it does not.</summary>
    public Flapping? Flapping { get; init; }

    /// <summary>The most urgent firing member, of several the first; <see langword="null"/> when none fires.</summary>
    public Member? Worst => Members.Where(m => m.Firing).MinBy(m => m.Urgency);

    /// <summary>The member with a dedup key; <see langword="null"/> when there is none.</summary>
    public Member? Find(string key) => Members.PlaceOf(key) is var place and >= 0 ? Members[place] : null;

    /// <summary>The fold: one line an event.</summary>
    public static GroupState Evolve(GroupState state, IEvent happened) => happened switch
    {
        GroupOpened e => Seen(Begin(state, e.Incident) with { Waiting = e.Waits, Service = e.Service, Labels = e.Labels, ArmedFor = e.ArmedFor, Counting = e.Counting, Occurrences = Kept(state, e) }, e.First, e.At),
        GroupReopened e => Seen(Begin(state, e.Incident) with { ArmedFor = e.ArmedFor }, e.First, e.At),
        GroupWaitEnded e => state with { Waiting = false, Peak = e.Severity },
        AlertFired e => Seen(state with { ArmedFor = e.ArmedFor }, e.Alert, e.At),
        AlertsEnded e => Quiet(e.Places.Aggregate(state, End), e.At),
        AlertsRepeated e => e.Members.Aggregate(state with { Repeats = state.Repeats + e.Count }, Touch),
        GroupAcknowledged => state with { Acknowledged = true },
        KeyRouted e => state with { Siblings = e.Siblings },
        GroupEnded e => state with { Open = false, EndedAt = e.At, ArmedFor = null, Flapping = null, Muted = null },
        GroupMoved e => state with { Incident = e.Incident },
        GroupRejoined e => e.Silent.Aggregate(state with { Open = true, Episode = state.Episode + 1, Acknowledged = false, ArmedFor = e.ArmedFor }, End),
        ExpiryArmed e => state with { ArmedFor = e.At },
        AlertCounted e => Touch(Counted(state, e.At), new(e.Place, e.At)),
        ThresholdChanged e => state with { Counting = e.To },
        ThresholdReached e => state with { Counting = null, Occurrences = [], Waiting = e.Waits, Peak = e.Severity },
        GroupMuted e => state with { Waiting = true, Muted = e.Mute, Reopens = e.Reopens },
        MuteEnded e => state with { Waiting = false, Muted = null, Reopens = null, Peak = e.Severity },
        FlappingBegan e => state with { Flapping = new(e.Since, e.Times, e.Window, e.At, e.CheckAt) },
        FlappingGoesOn e => state with { Flapping = state.Flapping! with { CheckAt = e.CheckAt } },
        FlappingOver => state with { Flapping = null },
        _ => throw new UnknownEventException(happened),
    };

    private static GroupState Begin(GroupState state, string incident) => new()
    {
        Open = true, Episode = state.Episode + 1, Incident = incident, Service = state.Service, Labels = state.Labels, Repeats = state.Repeats, EndedAt = state.EndedAt,
        Begun = state.Begun, Siblings = state.Siblings,
    };

    private static GroupState Seen(GroupState before, AlertSeen alert, Instant at)
    {
        var state = Counted(Fires(before, at), at) with { Peak = SeverityWords.MoreUrgent(before.Peak, alert.Severity ?? Severity.Error) };
        var member = new Member(alert.Key, alert.Title, alert.Severity, true, alert.StartedAt, alert.ExpiresAfter, at);
        return state.Members.PlaceOf(alert.Key) is var place and >= 0
            ? state with { Members = state.Members.SetItem(place, member), Firing = state.Firing + (state.Members[place].Firing ? 0 : 1) }
            : state with { Members = state.Members.Add(member), Firing = state.Firing + 1 };
    }

    private static GroupState Fires(GroupState state, Instant at) => state.Firing > 0 ? state : state with
    {
        Begun = [.. state.Begun.TakeLast(FlapRule.MaxCount - 1), at],
        Flapping = state.Flapping is { } f ? f with { Times = f.Times + 1, ChangedAt = at } : null,
    };

    private static GroupState Counted(GroupState state, Instant at) =>
        state.Counting is { } threshold ? state with { Occurrences = [.. state.Occurrences.TakeLast(threshold.After - 1), at] } : state;

    // With an incident the count begins anew.
    private static ImmutableArray<Instant> Kept(GroupState state, GroupOpened opened) => opened.Counting is null ? [] : state.Occurrences;

    private static GroupState Quiet(GroupState state, Instant at) =>
        state is { Firing: 0, Flapping: { } f } ? state with { Flapping = f with { ChangedAt = at } } : state;

    private static GroupState End(GroupState state, int place) =>
        state with { Members = state.Members.SetItem(place, state.Members[place] with { Firing = false }), Firing = state.Firing - 1 };

    private static GroupState Touch(GroupState state, MemberSeen seen) =>
        state with { Members = state.Members.SetItem(seen.Place, state.Members[seen.Place] with { SeenAt = Instant.Max(state.Members[seen.Place].SeenAt, seen.At) }) };
}
