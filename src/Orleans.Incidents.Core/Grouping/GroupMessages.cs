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
public sealed record EndGroup(string Incident) : ICommand;

/// <summary>
/// The group's problem has its place; sent by the incident that holds it. What the group said before to an incident that was not
/// there yet is said again.
/// </summary>
/// <param name="Proposed">The incident that the group took for its own until now.</param>
/// <param name="Incident">The incident that holds it: the proposed one, a storm, or one that is asked for in its stead.</param>
/// <param name="Asked">The incident that was asked for, which tells this asking from another of the same group.</param>
/// <param name="Severity">How urgent that incident is.</param>
public sealed record PlaceProblem(string Proposed, string Incident, string Asked, Severity Severity) : ICommand;

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
public sealed record GroupWaitEnded : IEvent;

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

/// <summary>The group's problem belongs to another incident than it proposed.</summary>
public sealed record GroupJoinedStorm(string Incident, string Asked) : IEvent;

/// <summary>The expiry timer was armed anew.</summary>
/// <param name="At">For when; <see langword="null"/>: nothing is watched any more, so that the next watched alert arms it.</param>
public sealed record ExpiryArmed(Instant? At) : IEvent;
