using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>Where routing sends an alert.</summary>
/// <param name="Service">The service's id.</param>
/// <param name="Labels">The labels that make the group.</param>
/// <param name="Wait">The route's <c>group_wait</c>; zero: open at once.</param>
/// <param name="ReopenWindow">How long after its end the group re-opens its incident; inclusive, and zero means never.</param>
public sealed record GroupTarget(string Service, LabelSet Labels, Duration Wait, Duration ReopenWindow);

/// <summary>One alert for this group.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Target">Where routing sent it.</param>
public sealed record Signal(Alert Alert, GroupTarget Target) : ICommand;

/// <summary>Due when the first alert of the group would count as ended by silence.</summary>
/// <param name="ArmedFor">What the timer was armed for; a later arming makes it stale.</param>
public sealed record ExpireAlerts(Instant ArmedFor) : ICommand;

/// <summary>Due when <c>group_wait</c> is over.</summary>
/// <param name="Incident">The incident to open, which tells this waiting from another.</param>
public sealed record EndGroupWait(string Incident) : ICommand;

/// <summary>The incident ended while alerts still fire.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Episode">Which of the group's openings it had heard of; a later one goes on.</param>
public sealed record EndGroup(string Incident, long Episode) : ICommand;

/// <summary>The storm incident took the group's problem in; sent by that incident.</summary>
/// <param name="Proposed">The incident that the group had asked for.</param>
/// <param name="Incident">The storm incident.</param>
/// <param name="Episode">Which of the group's openings it took in.</param>
/// <param name="Severity">How urgent the storm incident is.</param>
public sealed record JoinStorm(string Proposed, string Incident, long Episode, Severity Severity) : ICommand;

/// <summary>
/// An incident opened, or opened again, for the group: what the group told it before was not heard, and if the group is no
/// longer there the incident must not wait for it.
/// </summary>
/// <param name="Incident">The incident.</param>
/// <param name="Episode">Which of the group's openings it knows of.</param>
/// <param name="Severity">How urgent it is.</param>
public sealed record CatchUp(string Incident, long Episode, Severity Severity) : ICommand;

/// <summary>The incident that the group wanted to re-open is closed for good: the group asks for one of its own.</summary>
public sealed record StartAnew(string Closed) : ICommand;

/// <summary>A person opened the group's ended incident again: what fires from now on belongs to it, whatever the window says.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Episode">The opening of the group that begins with it; a group that has come so far by itself has said so, and is not touched.</param>
/// <param name="Severity">How urgent it is.</param>
public sealed record RejoinIncident(string Incident, long Episode, Severity Severity) : ICommand;

/// <summary>What is journalled of a firing alert.</summary>
public sealed record AlertSeen(
    string Key, string Title, Severity? Severity, string? RawSeverity, string? Source, LabelSet Labels, LabelSet Annotations,
    ImmutableArray<Link> Links, Instant? StartedAt, Duration? ExpiresAfter);

/// <summary>A member by its place, and when it was last received.</summary>
public sealed record MemberSeen(int Place, Instant At);

/// <summary>The first firing alert came: an incident is asked for, at once or after the wait.</summary>
public sealed record GroupOpened(
    string Service, LabelSet Labels, string Incident, bool Waits, AlertSeen First, Instant At, Instant? ArmedFor) : IEvent;

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
