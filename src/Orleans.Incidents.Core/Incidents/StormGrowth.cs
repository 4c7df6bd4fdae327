using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Escalation;

namespace Incidents.Incidents;

/// <summary>
/// When a storm that nobody is paged for any more pages again. Whoever took twenty problems on has not taken on five hundred: an
/// acknowledgement of a storm covers twice as many problems as it held then, and at least <see cref="Least"/> more. What comes past that and is
/// page-worthy ends it, and the policy begins at its first step. The same holds when everybody was paged and nobody answered.
/// Each such page needs a storm twice as large as the last, so there are no more of them than doublings: seven from 10 to 1,280.
/// </summary>
internal static class StormGrowth
{
    /// <summary>How many further problems an acknowledgement covers at least.</summary>
    public const int Least = 10;

    /// <summary>Looks at a decision on a problem that joins. Groups are counted, each once, so that one that comes and goes adds nothing.</summary>
    public static Decision Watch(StreamId self, IncidentState before, Decision joined, Severity urgency, TurnInput input)
    {
        var after = joined.Events.Aggregate(before, IncidentState.Evolve);
        if (urgency > after.PageFrom || after.Escalation is { Running: true } || !IsOutgrown(after))
            return joined;
        ImmutableArray<IEvent> events = after.AcknowledgedBy is { } by
            ? joined.Events.Add(new AcknowledgementExpired(by, Reason.StormGrew, IncidentStatus.Active))
            : joined.Events;
        return EscalationRules.Begin(self, events.Aggregate(before, IncidentState.Evolve), input, Reason.StormGrew, events, joined.Messages);
    }

    private static bool IsOutgrown(IncidentState state) =>
        state.Held.Count > state.KnownGroups + Math.Max(state.KnownGroups, Least);
}
