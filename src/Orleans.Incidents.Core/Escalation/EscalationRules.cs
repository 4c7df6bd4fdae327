using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Responders;

namespace Incidents.Escalation;

/// <summary>
/// Which step of the policy is paged when. Time-outs are messages due later and nothing cancels them: the state decides
/// whether they still matter. A step that reaches nobody moves on at once and says why.
/// </summary>
public static class EscalationRules
{
    /// <summary>Starts at the first step, behind other events and messages of the same decision.</summary>
    public static Decision Begin(
        StreamId self, IncidentState state, TurnInput input, Reason reason, ImmutableArray<IEvent> events, ImmutableArray<Message> messages)
    {
        var round = state.Escalation is { } before ? before.Round + 1 : 0;
        return PageFrom(self, state, input, reason, events, messages, step: 0, round, round, Reason.EscalationBegan);
    }

    /// <summary>A step has waited long enough.</summary>
    public static Decision TimeOut(StreamId self, IncidentState state, EscalateIncident timer, TurnInput input) =>
        Matters(state, timer.Step, timer.Round)
            ? Next(self, state, input, Reason.StepTimedOut, [])
            : Decision.Nothing(Reason.EscalationTimerLate);

    /// <summary>A responder cannot be paged: when none of the step's targets can be, the step is over.</summary>
    public static Decision Unreached(StreamId self, IncidentState state, ReportUnreached report, TurnInput input)
    {
        if (!Matters(state, report.Step, report.Round) || state.Escalation!.Unreached.Contains(report.Responder))
            return Decision.Nothing(Reason.EscalationTimerLate);
        var unreached = new TargetNotReached(report.Responder, report.Why);
        return state.Escalation.Unreached.Count + 1 < Targets(state, report.Step).Length
            ? Decision.Of(report.Why, unreached)
            : Next(self, state, input, Reason.StepReachedNobody, [unreached]);
    }

    private static bool Matters(IncidentState state, int step, int round) =>
        state.Status == IncidentStatus.Active && state.Escalation is { Running: true } e && e.Step == step && e.Round == round;

    private static Decision Next(StreamId self, IncidentState state, TurnInput input, Reason why, ImmutableArray<IEvent> events)
    {
        var at = state.Escalation!;
        return PageFrom(self, state, input, why, events, [], at.Step + 1, at.Round, at.FirstRound, why);
    }

    // Steps without targets are passed over here; targets that cannot be paged report back and come through Unreached.
    private static Decision PageFrom(
        StreamId self, IncidentState state, TurnInput input, Reason reason, ImmutableArray<IEvent> events, ImmutableArray<Message> messages,
        int step, int round, int firstRound, Reason why)
    {
        for (; ; step = 0, round++)
        {
            for (; step < state.Steps.Length; step++)
            {
                var targets = Targets(state, step);
                events = events.Add(new StepPaged(step, round, firstRound, targets, why));
                if (targets.Length == 0)
                {
                    why = Reason.StepReachedNobody;
                    continue;
                }

                var pages = targets.Select(t => new Message(StreamId.Responder(t),
                    new PageResponder(self.Key, state.Service, state.Title, state.Severity, step, round)));
                Message timer = new(self, new EscalateIncident(step, round), input.Now + state.Steps[step].Timeout);
                return new(reason, events, [.. messages, .. pages, timer]);
            }

            if (round - firstRound >= state.Repeat || state.Steps.All(s => s.Targets.IsEmpty))
            {
                // A policy of no steps leaves no StepPaged behind, and exhaustion needs an escalation to end.
                if (state.Steps.IsEmpty)
                    events = events.Add(new StepPaged(0, round, firstRound, [], why));
                return new(reason, events.Add(new EscalationExhausted(state.Steps.IsEmpty ? Reason.StepReachedNobody : why)), messages);
            }
        }
    }

    private static ImmutableArray<string> Targets(IncidentState state, int step) => [.. state.Steps[step].Targets.Distinct(StringComparer.Ordinal)];
}
