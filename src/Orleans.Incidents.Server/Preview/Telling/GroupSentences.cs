using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Grouping;

namespace Incidents.Server.Preview;

/// <summary>What a group's decision means, in words. Where its incident decides too, the incident tells.</summary>
internal static class GroupSentences
{
    public static Clause? Of(Rehearsed turn, Story story)
    {
        var (before, after) = ((GroupState)turn.Before, (GroupState)turn.After);
        var incident = story.Incident(before.Incident);
        var text = turn.Decision switch
        {
            { Reason: Reason.Repeated } => $"repeats what {incident} holds already: it is counted and changes nothing",
            { Reason: Reason.NothingOpen } => $"changes nothing: {(story.Alert.Action == AlertAction.Resolve ? "a resolve" : "an acknowledgement")} opens nothing, and {Absent(before, story)}",
            { Reason: Reason.AlreadyAcknowledged } => $"changes nothing: its source has acknowledged {incident} already",
            { Reason: Reason.WaitsForGroup } => $"waits {Routing.DurationText.Format(story.Item.Signal.Target.Wait)} for the rest of its group (group_wait)",
            { Reason: Reason.JoinedGroup } when before.Waiting => $"joins its group as alert {after.Members.Count} of it, while that still waits (group_wait)",
            { Reason: Reason.JoinedGroup } => $"joins {incident} as alert {after.Members.Count} of its group",
            { Reason: Reason.FiredAgain } => $"fires again in {incident}",
            { Reason: Reason.AlertChanged } => $"changes what {incident} knows of the alert: {Change(before, story.Alert)}",
            { Reason: Reason.ResolvedBySource } when after.Open => $"ends this alert; {Spoken.Count(after.Firing, "other")} of its group still {(after.Firing == 1 ? "fires" : "fire")}, so {incident} stays open",
            { Reason: Reason.ResolvedBySource } when before.Waiting => "ends its group inside group_wait: no incident was opened, and none will be",
            { Reason: Reason.AcknowledgedBySource } when before.Waiting => "is remembered: the incident is acknowledged as soon as it opens",
            { Reason: Reason.ClosedStaysClosed } => $"{incident} is closed for good, so the problem gets one of its own",
            _ => null,
        };
        return text is null ? null : new Clause(turn.Decision.Reason, text);
    }

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
