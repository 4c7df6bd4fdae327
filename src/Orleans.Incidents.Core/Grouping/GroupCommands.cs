using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Routing.Intervals;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>Where routing sends an alert.</summary>
/// <param name="Service">The service's id.</param>
/// <param name="Labels">The labels that make the group.</param>
/// <param name="Wait">The route's <c>group_wait</c>; zero: open at once.</param>
/// <param name="ReopenWindow">How long after its end the group re-opens its incident; inclusive, and zero means never.</param>
public sealed record GroupTarget(string Service, LabelSet Labels, Duration Wait, Duration ReopenWindow)
{
    /// <summary>When the group counts as flapping. Default: never.</summary>
    public FlapRule Flap { get; init; } = FlapRule.Off;

    /// <summary>How often its alerts must fire before there is an incident; <see langword="null"/>: once.</summary>
    public OpeningThreshold? Threshold { get; init; }

    /// <summary>When the route is mute; <see langword="null"/>: never.</summary>
    public MuteSchedule? Mutes { get; init; }
}

/// <summary>One alert for this group.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Target">Where routing sent it.</param>
public sealed record Signal(Alert Alert, GroupTarget Target) : ICommand
{
    /// <summary>The groups of the same key on the other routes that take a trigger; they get it as well. Empty for what is grouped by labels.</summary>
    public ImmutableArray<Sibling> Also { get; init; } = [];
}

/// <summary>A group of the same sender's key on another route.</summary>
/// <param name="Group">The group.</param>
/// <param name="Target">Where that route sends the alert.</param>
public sealed record Sibling(StreamId Group, GroupTarget Target);

/// <summary>The alert fires, unless this group knows that already; sent by the first group of its key.</summary>
public sealed record KeepFiring(Alert Alert, GroupTarget Target) : ICommand;

/// <summary>Due when the first alert of the group would count as ended by silence.</summary>
/// <param name="ArmedFor">What the timer was armed for; a later arming makes it stale.</param>
public sealed record ExpireAlerts(Instant ArmedFor) : ICommand;

/// <summary>Due when <c>group_wait</c> is over.</summary>
/// <param name="Incident">The incident to open, which tells this waiting from another.</param>
public sealed record EndGroupWait(string Incident) : ICommand;

/// <summary>Due when the route is no longer mute.</summary>
/// <param name="Incident">The incident to open, which tells this waiting from another.</param>
/// <param name="ArmedFor">What the timer was armed for; a later arming makes it stale.</param>
public sealed record EndMute(string Incident, Instant ArmedFor) : ICommand;

/// <summary>The catalogue was applied: where routing sends the group's alerts now, and how that route is mute.</summary>
public sealed record LearnMute(GroupTarget Target) : ICommand;

/// <summary>Due when a flapping group has neither begun nor ceased to fire for its window.</summary>
/// <param name="CheckAt">What the timer was armed for; a later arming makes it stale.</param>
public sealed record SettleFlapping(Instant CheckAt) : ICommand;

/// <summary>The incident ended while alerts still fire.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Episode">Which of the group's openings it had heard of; a later one goes on.</param>
public sealed record EndGroup(string Incident, long Episode) : ICommand;

/// <summary>The storm incident took the group's problem in; sent by that incident.</summary>
/// <param name="Proposed">The incident that the group had asked for.</param>
/// <param name="Incident">The storm incident.</param>
/// <param name="Episode">Which of the group's openings it took in.</param>
/// <param name="Severity">How urgent the storm incident is.</param>
/// <param name="Why">Why the problem has no incident of its own.</param>
public sealed record JoinStorm(string Proposed, string Incident, long Episode, Severity Severity, Reason Why = Reason.JoinedStorm) : ICommand;

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
