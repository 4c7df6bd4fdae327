using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Grouping;

namespace Incidents.Server.Preview;

/// <summary>What a group's decision means, in words. Where its incident decides too, the incident tells.</summary>
internal static class GroupSentences
{
    public static IEnumerable<Clause> Of(Rehearsed turn, Story story)
    {
        var (before, after) = ((GroupState)turn.Before, (GroupState)turn.After);
        var said = new[] { Say(turn, before, after, story), Flaps(turn, after) };
        return said.OfType<string>().Select(text => new Clause(turn.Decision.Reason, text));
    }

    private static string? Say(Rehearsed turn, GroupState before, GroupState after, Story story)
    {
        var incident = story.Incident(before.Incident);
        return turn.Decision switch
        {
            { Reason: Reason.Repeated } => $"repeats what {incident} holds already: it is counted and changes nothing",
            { Reason: Reason.ForwardedByKey } => $"finds nothing open for its key on this route, and is passed on to {Spoken.Count(before.Siblings.Length, "other")}",
            { Reason: Reason.NothingOpen } when turn.Actor != story.Item.Group => null,
            { Reason: Reason.NothingOpen } => $"changes nothing: {(story.Alert.Action == AlertAction.Resolve ? "a resolve" : "an acknowledgement")} opens nothing, and {Absent(before, story)}",
            { Reason: Reason.AlreadyAcknowledged } when before.Waiting => "changes nothing: that it is taken on is remembered already, for when the incident opens",
            { Reason: Reason.CountedBelowThreshold } => Counted(turn, after),
            { Reason: Reason.ThresholdReached } => $"is the last of {Threshold(story)?.After} within {Long(Threshold(story)?.Within)} that its group needs (open_after){Waits(turn, story)}",
            { Reason: Reason.UrgentBeforeThreshold } => $"is too urgent to wait until its group has fired {Threshold(story)?.After} times (open_at_once_from {Threshold(story)?.AtOnceFrom.Name()}){Waits(turn, story)}",
            { Reason: Reason.MutedByInterval } => Muted(after),
            { Reason: Reason.MuteOver } when turn.Command is Signal => "shows that its route is no longer mute: an incident is asked for at once",
            { Reason: Reason.FlappedAgain } => $"fires again in a group that flaps, which did so {after.Flapping!.Times} times in {Spoken.Of(turn.At - after.Flapping.Since)}: it is counted in {incident}, and is no new incident and no page",
            { Reason: Reason.HeldForFlapping } => $"ends this alert, but its group flaps: {incident} stays open until nothing has fired for {Long(before.Flapping!.Window)}",
            { Reason: Reason.WaitsForGroup } => $"waits {Long(story.Item.Signal.Target.Wait)} for the rest of its group (group_wait)",
            { Reason: Reason.JoinedGroup } when before.Waiting => $"joins its group as alert {after.Members.Count} of it, while that still waits (group_wait)",
            { Reason: Reason.JoinedGroup } => $"joins {incident} as alert {after.Members.Count} of its group",
            { Reason: Reason.FiredAgain } => $"fires again in {incident}",
            { Reason: Reason.AlertChanged } => $"changes what {incident} knows of the alert: {Change(before, story.Alert)}",
            { Reason: Reason.ResolvedBySource } when after.Open => $"ends this alert; {Spoken.Count(after.Firing, "other")} of its group still {(after.Firing == 1 ? "fires" : "fire")}, so {incident} stays open",
            { Reason: Reason.ResolvedBySource } when before.Counting is not null => "ends its group below its threshold (open_after): there is no incident, and what fired counts on",
            { Reason: Reason.ResolvedBySource } when before.Muted is not null => "ends its group while that is muted: no incident was opened, and none will be",
            { Reason: Reason.ResolvedBySource } when before.Waiting => "ends its group inside group_wait: no incident was opened, and none will be",
            { Reason: Reason.AcknowledgedBySource } when before.Waiting => "is remembered: the incident is acknowledged as soon as it opens",
            { Reason: Reason.ClosedStaysClosed } => $"{incident} is closed for good, so the problem gets one of its own",
            _ => null,
        };
    }

    private static string? Flaps(Rehearsed turn, GroupState after) => turn.Decision.Events.OfType<FlappingBegan>().Any()
        ? $"its group flaps from here on, because it began to fire {after.Flapping!.Times} times within {Long(after.Flapping.Window)}: its end is held back until nothing has fired for as long"
        : null;

    private static string Counted(Rehearsed turn, GroupState after)
    {
        var threshold = after.Counting!;
        return $"is counted, {threshold.Counted(after.Occurrences, turn.At)} of {threshold.After} within {Long(threshold.Within)} (open_after): there is no incident yet, and nobody is paged; from {threshold.AtOnceFrom.Name()} on there would be one at once";
    }

    private static string Muted(GroupState after) =>
        $"is {Spoken.Of(after.Muted!)}: there is no incident and nobody is paged until then; what still fires {(after.Muted!.Until is not { } until ? "waits" : after.Reopens is { } last && until <= last.Until ? $"opens incident {last.Incident} again" : "gets its incident at once")}";

    private static OpeningThreshold? Threshold(Story story) => story.Item.Signal.Target.Threshold;

    private static string Waits(Rehearsed turn, Story story) => turn.Decision.Events.Any(e => e is ThresholdReached { Waits: true }) || turn.Decision.Events.Any(e => e is GroupOpened { Waits: true })
        ? $"; it waits {Long(story.Item.Signal.Target.Wait)} for the rest of its group (group_wait)"
        : "";

    private static string Long(NodaTime.Duration? duration) => Routing.DurationText.Format(duration ?? NodaTime.Duration.Zero);

    private static string Absent(GroupState before, Story story)
    {
        var incident = story.Incident(before.Incident);
        if (before.Open)
        {
            return before.Find(story.Alert.DedupKey) is null
                ? $"no alert with this key fires: its group is open in {incident} with {Spoken.Count(before.Firing, "other alert")} firing"
                : $"this alert has ended already; {Spoken.Count(before.Firing, "other")} of its group in {incident}";
        }

        return before.EndedAt is { } ended
            ? $"its group is not open: it ended {Spoken.Of(story.Now - ended)} ago{(before.Incident is null ? "" : $" with {incident}")}"
            : "no group is open for it, nor ever was";
    }

    private static string Change(GroupState before, Alert alert)
    {
        var known = before.Find(alert.DedupKey)!;
        return known.Severity != alert.Severity ? $"{known.Severity?.Name() ?? "no severity"} → {alert.Severity?.Name() ?? "no severity"}"
            : known.ExpiresAfter != alert.ExpiresAfter ? "its time-out"
            : "when it began";
    }
}
