using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Routing.Intervals;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>What is journalled of a firing alert.</summary>
public sealed record AlertSeen(
    string Key, string Title, Severity? Severity, string? RawSeverity, string? Source, LabelSet Labels, LabelSet Annotations,
    ImmutableArray<Link> Links, Instant? StartedAt, Duration? ExpiresAfter);

/// <summary>A member by its place, and when it was last received.</summary>
public sealed record MemberSeen(int Place, Instant At);

/// <summary>The first firing alert came: an incident is asked for, at once or after the wait.</summary>
public sealed record GroupOpened(
    string Service, LabelSet Labels, string Incident, bool Waits, AlertSeen First, Instant At, Instant? ArmedFor) : IEvent
{
    /// <summary>The threshold that the group stays below; <see langword="null"/>: none.</summary>
    public OpeningThreshold? Counting { get; init; }
}

/// <summary>A firing alert came soon enough after the end: the last incident opens again.</summary>
public sealed record GroupReopened(string Incident, AlertSeen First, Instant At, Instant? ArmedFor) : IEvent;

/// <summary>The wait is over and the incident is asked for.</summary>
/// <param name="Severity">The most urgent severity that fires then: what came and ended inside the wait does not count.</param>
public sealed record GroupWaitEnded(Severity Severity) : IEvent;

/// <summary>A further alert fires, or a known one fires again or changed its urgency.</summary>
public sealed record AlertFired(string Incident, AlertSeen Alert, Instant At, Instant? ArmedFor) : IEvent;

/// <summary>Alerts ended, by their source's word or by silence.</summary>
public sealed record AlertsEnded(ImmutableArray<int> Places, Reason Why, Instant At) : IEvent;

/// <summary>Alerts that changed nothing were received: how many, and when each member was last seen.</summary>
/// <param name="Incident">The open incident.</param>
/// <param name="Count">How many alerts.</param>
/// <param name="Members">The members among them whose silence is watched.</param>
public sealed record AlertsRepeated(string Incident, long Count, ImmutableArray<MemberSeen> Members) : IEvent;

/// <summary>The source said that somebody has taken it on.</summary>
public sealed record GroupAcknowledged(string Key) : IEvent;

/// <summary>Which groups on other routes the key of this one leads to, now: they hear of its acknowledgement and its end.</summary>
public sealed record KeyRouted(ImmutableArray<StreamId> Siblings) : IEvent;

/// <summary>No alert fires any more, or the incident ended.</summary>
public sealed record GroupEnded(Instant At) : IEvent;

/// <summary>The group's problem belongs to another incident than before: a storm's, or a fresh one because the last is closed.</summary>
public sealed record GroupMoved(string Incident, Reason Why) : IEvent;

/// <summary>A person opened the group's incident again, and the group belongs to it again.</summary>
/// <param name="Silent">The places of alerts whose time-out passed meanwhile: they no longer fire.</param>
/// <param name="ArmedFor">What the expiry timer is armed for; absent: nothing watches the silence.</param>
public sealed record GroupRejoined(ImmutableArray<int> Silent, Instant? ArmedFor) : IEvent;

/// <summary>The expiry timer was armed anew, or is no longer armed because no alert's silence is watched.</summary>
public sealed record ExpiryArmed(Instant? At) : IEvent;

/// <summary>A known alert fired again below the threshold, and nothing else about it is new.</summary>
public sealed record AlertCounted(string Incident, int Place, Instant At) : IEvent;

/// <summary>The route's threshold is another than when the group began to count.</summary>
public sealed record ThresholdChanged(OpeningThreshold To) : IEvent;

/// <summary>The alerts fired often enough, or one is urgent: the incident is asked for, at once or after the wait.</summary>
/// <param name="Severity">The most urgent severity that fires then.</param>
/// <param name="Waits">Whether the route's wait follows.</param>
public sealed record ThresholdReached(Severity Severity, bool Waits) : IEvent;

/// <summary>The route is mute when the incident would be asked for, or is mute until another time than was known: the incident waits.</summary>
public sealed record GroupMuted(Mute Mute) : IEvent
{
    /// <summary>The incident that opens again if the mute ends in time; <see langword="null"/>: none, the problem is a new one.</summary>
    public Reopening? Reopens { get; init; }
}

/// <summary>The route is no longer mute, and the incident is asked for.</summary>
/// <param name="Severity">The most urgent severity that fires then: what came and ended inside the mute does not count.</param>
public sealed record MuteEnded(Severity Severity) : IEvent;

/// <summary>The group began to fire too often: from now on its end is held back.</summary>
/// <param name="Incident">Its incident.</param>
/// <param name="Since">The first of the beginnings that make it so.</param>
/// <param name="Times">How many there were.</param>
/// <param name="Window">The rule's window at that time: how long it must rest.</param>
/// <param name="At">When the last of them came.</param>
/// <param name="CheckAt">What the timer is armed for.</param>
public sealed record FlappingBegan(string Incident, Instant Since, long Times, Duration Window, Instant At, Instant CheckAt) : IEvent;

/// <summary>The window is not over yet: the timer was armed anew.</summary>
public sealed record FlappingGoesOn(Instant CheckAt) : IEvent;

/// <summary>The group neither began nor ceased to fire for its window.</summary>
/// <param name="Incident">Its incident.</param>
/// <param name="Since">When it began to flap.</param>
/// <param name="Times">How often it began to fire meanwhile.</param>
/// <param name="At">When that was decided.</param>
public sealed record FlappingOver(string Incident, Instant Since, long Times, Instant At) : IEvent;
