using Incidents.Audit;
using Incidents.Services;
using Incidents.Throttling;

namespace Incidents.Server.Preview;

/// <summary>What a service's decision means, in words.</summary>
internal static class ServiceSentences
{
    public static Clause? Of(Rehearsed turn, Story story)
    {
        var state = (ServiceState)turn.After;
        var (budget, reserve) = (state.OpeningBudget, state.CriticalReserve);
        var text = turn.Decision.Reason switch
        {
            Reason.JoinedStorm => $"joins the storm, {story.Incident(state.Storm?.Incident)}: {story.By} has used its opening budget on service {turn.Actor.Key} ({Spoken.Of(budget)})",
            Reason.OpenedFromReserve => $"{story.By} has used its opening budget on service {turn.Actor.Key} ({Spoken.Of(budget)}), but the problem is critical: the critical_reserve ({Spoken.Of(reserve!)}) allows it an incident of its own",
            Reason.ReserveSpent => $"joins the storm, {story.Incident(state.Storm?.Incident)}: {story.By} has used its opening budget on service {turn.Actor.Key} ({Spoken.Of(budget)}) and its critical_reserve ({Spoken.Of(reserve!)})",
            Reason.StormBegan => $"{story.By} has used its opening budget on service {turn.Actor.Key} ({Spoken.Of(budget)}), so a storm begins",
            _ => null,
        };
        return text is null ? null : new Clause(turn.Decision.Reason, text);
    }

    /// <summary>What is left of an opening budget that is nearly used up.</summary>
    public static Clause? Left(Rehearsed turn, Story story)
    {
        if (turn.Decision.Events.OfType<ProblemAdmitted>().FirstOrDefault() is not { } admitted)
            return null;
        var budget = ((ServiceState)turn.After).OpeningBudget;
        var left = Gcra.Available(budget, admitted.Spent, turn.At);
        return left * 4 > budget.Burst
            ? null
            : new Clause(turn.Decision.Reason, $"{story.By} may then open {(left == 0 ? "no more" : $"{left} more")} on service {turn.Actor.Key} before its problems join a storm ({Spoken.Of(budget)})");
    }
}
