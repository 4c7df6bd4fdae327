using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using NodaTime;

namespace Incidents.Grouping;

/// <summary>When a group counts as flapping: it began to fire so often within so long.</summary>
/// <param name="Count">How many beginnings, 2 to <see cref="MaxCount"/>; 0: it never counts as flapping.</param>
/// <param name="Window">Within how long, both ends included; and how long it must rest until it no longer does. Positive unless the count is 0.</param>
public sealed record FlapRule(int Count, Duration Window)
{
    /// <summary>The largest count: so many beginnings a group remembers.</summary>
    public const int MaxCount = 20;

    /// <summary>Nothing counts as flapping.</summary>
    public static FlapRule Off { get; } = new(0, Duration.Zero);
}

/// <summary>A group that flaps.</summary>
/// <param name="Since">The first of the beginnings that made it so.</param>
/// <param name="Times">How often it began to fire since then, that one included.</param>
/// <param name="Window">How long it must rest.</param>
/// <param name="ChangedAt">When it last began or ceased to fire.</param>
/// <param name="CheckAt">What the timer is armed for.</param>
public sealed record Flapping(Instant Since, long Times, Duration Window, Instant ChangedAt, Instant CheckAt);

/// <summary>
/// Flap detection with hysteresis. Many beginnings within a window make a group flap; a whole window without any change makes
/// it rest. In between its end is held back: what fires again is counted and is no new incident, no re-opening and no page.
/// As in Nagios and Icinga the way in and the way out have different thresholds, so that the state does not flap itself; but
/// theirs is a share of the last 21 checks, and alerts that are pushed have no checks to take a share of.
/// </summary>
internal static class GroupFlapping
{
    /// <summary>Looks at a decision on a firing alert: whether it begins to flap, or is one more time.</summary>
    public static Decision Watch(StreamId self, GroupState before, Decision decision, FlapRule rule, TurnInput input)
    {
        if (before is { Open: true, Firing: > 0 })
            return decision;
        var after = decision.Events.Aggregate(before, GroupState.Evolve);
        if (after.Flapping is { } flapping)
        {
            return new(Reason.FlappedAgain, decision.Events, Milestones.Contains(flapping.Times)
                ? decision.Messages.Add(Report(self, after.Incident!, flapping, after.Episode, isOver: false))
                : decision.Messages);
        }

        return rule.Count > 0 && after.Begun.Length >= rule.Count && input.Now - after.Begun[^rule.Count] <= rule.Window
            ? Begin(self, before, after, decision, rule, input)
            : decision;
    }

    /// <summary>Whether the end of the last firing alert is held back. What has fired for a whole window ends as everything else does.</summary>
    public static bool Holds(GroupState state, Instant now) =>
        state is { Waiting: false, Flapping: { } flapping } && now - flapping.ChangedAt < flapping.Window;

    /// <summary>The timer came: a window without a change ends the flapping, and the group too unless it fires.</summary>
    public static Decision Settle(StreamId self, GroupState state, SettleFlapping timer, TurnInput input)
    {
        if (state.Flapping is not { } flapping || flapping.CheckAt != timer.CheckAt)
            return Decision.Nothing(Reason.GroupTimerLate);
        var rests = flapping.ChangedAt + flapping.Window;
        if (rests > input.Now)
            return Decision.Of(Reason.StillFlapping, new FlappingGoesOn(rests), Timer(self, rests));
        var over = new FlappingOver(state.Incident!, flapping.Since, flapping.Times, input.Now);
        var report = Report(self, state.Incident!, flapping, state.Episode, isOver: true);
        return state.Firing > 0
            ? Decision.Of(Reason.FiresSteadily, over, report)
            : new(Reason.FlappingOver, [over, new GroupEnded(input.Now)],
                [report, new(StreamId.Incident(state.Incident!), new EndProblem(self, state.Episode, Reason.FlappingOver))]);
    }

    /// <summary>What the incident hears: when it begins, at every milestone of its count, and at its end.</summary>
    public static Message Report(StreamId self, string incident, Flapping flapping, long episode, bool isOver) =>
        new(StreamId.Incident(incident), new ReportFlapping(self, episode, flapping.Times, flapping.Since, flapping.ChangedAt, isOver));

    private static Decision Begin(StreamId self, GroupState before, GroupState after, Decision decision, FlapRule rule, TurnInput input)
    {
        var checkAt = input.Now + rule.Window;
        var began = new FlappingBegan(after.Incident!, after.Begun[^rule.Count], rule.Count, rule.Window, input.Now, checkAt);
        var messages = decision.Messages.Add(Timer(self, checkAt));

        // An incident that is only asked for hears of it when it is there.
        if (before.Open)
            messages = messages.Add(Report(self, after.Incident!, GroupState.Evolve(after, began).Flapping!, after.Episode, isOver: false));
        return decision with { Events = decision.Events.Add(began), Messages = messages };
    }

    private static Message Timer(StreamId self, Instant at) => new(self, new SettleFlapping(at), at);
}
