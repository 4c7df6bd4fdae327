using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Escalation;

/// <summary>
/// Which step of the policy is paged when. Time-outs are messages due later and nothing cancels them: the state decides
/// whether they still matter. A step that reaches nobody moves on at once and says why.
/// </summary>
public static class EscalationRules
{
    /// <summary>
    /// How late a time-out may come and still page: 24 h, the boundary included. A process that was down for an hour escalates at
    /// once; what is older than this pages nobody, says so, and is left to the watchdog.
    /// </summary>
    public static Duration MaxTimerAge { get; } = Duration.FromHours(24);

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
    public static Decision Unreached(StreamId self, IncidentState state, ReportUnreached report, TurnInput input) =>
        Matters(state, report.Step, report.Round) && !state.Escalation!.Unreached.Contains(report.Responder)
            ? Lose(self, state, report.Responder, report.Why, report.Why, [], input)
            : Decision.Nothing(Reason.EscalationTimerLate);

    /// <summary>A page ended: a responder whose every page of the current step was given up was not reached.</summary>
    public static Decision Reported(StreamId self, IncidentState state, ReportPage report, TurnInput input)
    {
        var reported = new PageReported(
            report.Page, report.Responder, report.Channel, report.Verdict, report.Why, report.Detail, report.Step, report.Round, Withdrawal.StillOut(state, report));
        if (report.Verdict == DeliveryVerdict.Delivered)
            return Decision.Of(Reason.PageDelivered, reported);
        var givenUp = state.GivenUp.Add(report.Page);
        var all = Enumerable.Range(0, report.Contacts)
            .All(contact => givenUp.Contains(PageContent.IdOf(self.Key, report.Step, report.Round, report.Responder, contact)));
        return all && Matters(state, report.Step, report.Round) && !state.Escalation!.Unreached.Contains(report.Responder)
            ? Lose(self, state, report.Responder, Reason.PageGivenUp, Reason.PageGivenUp, [reported], input)
            : Decision.Of(Reason.PageGivenUp, reported);
    }

    private static Decision Lose(
        StreamId self, IncidentState state, string responder, Reason why, Reason reason, ImmutableArray<IEvent> events, TurnInput input)
    {
        events = events.Add(new TargetNotReached(responder, why));
        var lost = events.Aggregate(state, IncidentState.Evolve);
        return lost.Escalation!.Unreached.Count < Targets(state, lost.Escalation.Step).Length
            ? new(reason, events, [])
            : Next(self, lost, input, Reason.StepReachedNobody, events);
    }

    private static bool Matters(IncidentState state, int step, int round) =>
        state.Status == IncidentStatus.Active && state.Escalation is { Running: true } e && e.Step == step && e.Round == round;

    private static Decision Next(StreamId self, IncidentState state, TurnInput input, Reason why, ImmutableArray<IEvent> events)
    {
        var at = state.Escalation!;
        if (at.Due is { } due && input.Now - due > MaxTimerAge)
            return new(Reason.TimerTooOld, events.Add(new EscalationLapsed(due, Reason.TimerTooOld)), []);
        return PageFrom(self, state, input, why, events, [], at.Step + 1, at.Round, at.FirstRound, why);
    }

    // Steps without targets are passed over here; targets that cannot be paged report back and come through Lose.
    private static Decision PageFrom(
        StreamId self, IncidentState state, TurnInput input, Reason reason, ImmutableArray<IEvent> events, ImmutableArray<Message> messages,
        int step, int round, int firstRound, Reason why)
    {
        for (; ; step = 0, round++)
        {
            for (; step < state.Steps.Length; step++)
            {
                var targets = Targets(state, step);
                if (targets.Length == 0)
                {
                    events = events.Add(new StepPaged(step, round, firstRound, [], why));
                    why = Reason.StepReachedNobody;
                    continue;
                }

                var due = input.Now + state.Steps[step].Timeout;
                events = events.Add(new StepPaged(step, round, firstRound, targets, why, due));

                var pages = targets.Select(t => new Message(StreamId.Responder(t),
                    new PageResponder(self.Key, state.Service, Title(state), state.Severity, step, round)));
                Message timer = new(self, new EscalateIncident(step, round), due);
                return new(reason, events, [.. messages, .. pages, timer]);
            }

            if (round - firstRound >= state.Repeat || state.Steps.All(s => s.Targets.IsEmpty))
                return new(reason, Exhausted(state, events, round, firstRound, why), messages);
        }
    }

    // Whoever is paged for a storm learns how large it is by now.
    private static string Title(IncidentState state) => state.Held.Count > 1 ? $"{state.Title} ({state.Held.Count} problems)" : state.Title;

    // A service that has no policy leaves no StepPaged behind, and exhaustion needs an escalation to end.
    private static ImmutableArray<IEvent> Exhausted(IncidentState state, ImmutableArray<IEvent> events, int round, int firstRound, Reason why) => state.Steps.IsEmpty
        ? [.. events, new StepPaged(0, round, firstRound, [], why), new EscalationExhausted(Reason.NoPolicy)]
        : events.Add(new EscalationExhausted(why));

    private static ImmutableArray<string> Targets(IncidentState state, int step) => [.. state.Steps[step].Targets.Distinct(StringComparer.Ordinal)];
}
