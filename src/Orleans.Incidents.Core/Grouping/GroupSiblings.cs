using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;

namespace Incidents.Grouping;

/// <summary>
/// One sender's key on several routes (<c>continue</c>). Each route has a group of its own and gets every trigger, so that repeats fold
/// there; but an acknowledgement or a resolve may carry nothing but the key, so it goes to the key's first group, which knows the
/// others. It knows all that ever took the trigger since the last resolve, so that one that later labels no longer lead to is
/// not left open.
/// </summary>
public static class GroupSiblings
{
    /// <summary>Whether the group knows of every sibling that a trigger goes to: one that tells it of another is no repeat.</summary>
    public static bool AreKnown(GroupState state, Signal signal)
    {
        foreach (var sibling in signal.Also)
        {
            if (!state.Siblings.Contains(sibling.Group))
                return false;
        }

        return true;
    }

    /// <summary>
    /// A trigger that tells of further siblings. They got it before, but a resolve of the same request may be on its way to them
    /// that this trigger is behind; so they hear, in that order, that it fires.
    /// </summary>
    internal static Decision Learn(GroupState state, Decision decision, Signal signal)
    {
        if (AreKnown(state, signal))
            return decision;
        ImmutableArray<StreamId> all = [.. state.Siblings.Union(signal.Also.Select(s => s.Group))];
        return decision with
        {
            Events = decision.Events.Add(new KeyRouted(all)),
            Messages = [.. decision.Messages, .. signal.Also.Select(s => new Message(s.Group, new KeepFiring(signal.Alert, s.Target)))],
        };
    }

    /// <summary>An acknowledgement or a resolve: the siblings hear of it, whatever it means here. Behind a resolve there is nothing left to tell them.</summary>
    internal static Decision Forward(GroupState state, Decision decision, Signal signal)
    {
        if (state.Siblings.IsEmpty)
            return decision;
        return new(
            decision.Reason == Reason.NothingOpen ? Reason.ForwardedByKey : decision.Reason,
            signal.Alert.Action == AlertAction.Resolve ? decision.Events.Add(new KeyRouted([])) : decision.Events,
            [.. decision.Messages, .. state.Siblings.Select(s => new Message(s, new Signal(signal.Alert, signal.Target)))]);
    }
}
