using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Core.Tests.Incidents;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Escalation;
using Incidents.Incidents;
using Incidents.Pages;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;
using static Incidents.Core.Tests.Incidents.SomeIncident;

namespace Incidents.Core.Tests.Escalation;

public class EscalationRulesTests
{
    private static readonly StepPaged SecondStep = new(1, 0, 0, ["bob", "carol"], Reason.StepTimedOut, Some.In(10));
    private static readonly IEvent[] AtSecondStep = [.. Active, SecondStep];

    private static ReportPage Report(string responder, int contact, int contacts, DeliveryVerdict verdict, int step = 0, int round = 0) =>
        new(PageContent.IdOf("I", step, round, responder, contact), step, round, responder, contacts, "webhook", verdict, DeliveryReason.Gone, "410");

    private static PageReported Reported(string responder, int contact, DeliveryVerdict verdict, int still = 0) =>
        new(PageContent.IdOf("I", 0, 0, responder, contact), responder, "webhook", verdict, DeliveryReason.Gone, "410", Out: still);

    private static ImmutableArray<IEvent> Opening(int repeat, params string[][] targets) => Given(Self).When(
        Open() with { Steps = [.. targets.Select(t => new PolicyStep([.. t], Duration.FromMinutes(1)))], Repeat = repeat }).Decision.Events;

    [Fact]
    public void Nobody_acknowledges_in_time_and_the_next_step_is_paged() =>
        Given(Self, Active).When(new EscalateIncident(0, 0)).Then(Reason.StepTimedOut, [SecondStep], PagesOf(1, 0));

    [Fact]
    public void After_the_last_step_the_next_round_begins_at_the_first() =>
        Given(Self, AtSecondStep).When(new EscalateIncident(1, 0)).Then(Reason.StepTimedOut, [FirstStep with { Round = 1, Why = Reason.StepTimedOut }], PagesOf(0, 1));

    [Fact]
    public void After_the_last_round_escalation_is_exhausted_and_the_incident_stays_active()
    {
        var scenario = Given(Self, [.. AtSecondStep, SecondStep with { Round = 1 }])
            .When(new EscalateIncident(1, 1)).Then(Reason.StepTimedOut, [new EscalationExhausted(Reason.StepTimedOut)]);
        Assert.Equal(IncidentStatus.Active, scenario.State<IncidentState>().Status);
    }

    [Fact]
    public void An_escalation_that_began_again_has_all_its_rounds()
    {
        var again = SecondStep with { Round = 1, FirstRound = 1 };
        Given(Self, [.. AtSecondStep, again]).When(new EscalateIncident(1, 1))
            .Then(Reason.StepTimedOut, [FirstStep with { Round = 2, FirstRound = 1, Why = Reason.StepTimedOut }], PagesOf(0, 2));
        Given(Self, [.. AtSecondStep, again, again with { Round = 2 }]).When(new EscalateIncident(1, 2))
            .Then(Reason.StepTimedOut, [new EscalationExhausted(Reason.StepTimedOut)]);
    }

    [Fact]
    public void A_step_without_targets_ends_no_round_that_has_others() =>
        Assert.Equal(["1 [] StepTimedOut", "0 [bob] StepReachedNobody"], Steps(Given(Self)
            .When(Open() with { Steps = [new PolicyStep(["bob"], Duration.FromMinutes(1)), new PolicyStep([], Duration.FromMinutes(1))], Repeat = 1 }).And()
            .When(new EscalateIncident(0, 0)).Decision.Events));

    [Fact]
    public void A_late_timer_never_acts()
    {
        Given(Self, AtSecondStep).When(new EscalateIncident(0, 0)).ThenNothing(Reason.EscalationTimerLate);
        Given(Self, Acknowledged).When(new EscalateIncident(0, 0)).ThenNothing(Reason.EscalationTimerLate);
        Given(Self, Resolved).When(new EscalateIncident(0, 0)).ThenNothing(Reason.EscalationTimerLate);
        Given(Self, Triage).When(new EscalateIncident(0, 0)).ThenNothing(Reason.EscalationTimerLate);
        Given(Self, [.. Resolved, new IncidentReopened("alice", Reason.Reopened, IncidentStatus.Active, []), new StepPaged(0, 1, 1, ["alice"], Reason.EscalationBegan)])
            .When(new EscalateIncident(0, 0)).ThenNothing(Reason.EscalationTimerLate);
    }

    [Fact]
    public void A_time_out_that_comes_a_day_late_still_escalates_and_one_that_is_later_pages_nobody()
    {
        var due = Some.In(5);
        Assert.Equal(Reason.StepTimedOut, Given(Self, Active).When(new EscalateIncident(0, 0), due + EscalationRules.MaxTimerAge).Decision.Reason);
        Given(Self, Active).When(new EscalateIncident(0, 0), due + EscalationRules.MaxTimerAge + Duration.Epsilon).Then(Reason.TimerTooOld, [new EscalationLapsed(due, Reason.TimerTooOld)])
            .When(new EscalateIncident(0, 0), due + EscalationRules.MaxTimerAge).ThenNothing(Reason.EscalationTimerLate);
    }

    [Fact]
    public void What_is_reported_two_months_late_pages_nobody_either() =>
        Given(Self, Active).When(Report("alice", 0, 1, DeliveryVerdict.GiveUp), Some.Now + Duration.FromDays(60)).Then(Reason.TimerTooOld,
            [Reported("alice", 0, DeliveryVerdict.GiveUp), new TargetNotReached("alice", Reason.PageGivenUp), new EscalationLapsed(Some.In(5), Reason.TimerTooOld)]);

    [Fact]
    public void A_step_that_reaches_nobody_moves_on_at_once() =>
        Given(Self, Active).When(new ReportUnreached(0, 0, "alice", Reason.NoContact)).Then(Reason.StepReachedNobody,
            [new TargetNotReached("alice", Reason.NoContact), SecondStep with { Why = Reason.StepReachedNobody }], PagesOf(1, 0));

    [Fact]
    public void A_step_that_reaches_one_of_two_waits_for_that_one() =>
        Given(Self, AtSecondStep).When(new ReportUnreached(1, 0, "bob", Reason.UnknownResponder)).Then(Reason.UnknownResponder, [new TargetNotReached("bob", Reason.UnknownResponder)])
            .When(new ReportUnreached(1, 0, "bob", Reason.UnknownResponder)).ThenNothing(Reason.EscalationTimerLate);

    [Fact]
    public void A_step_that_reaches_neither_of_two_moves_on_with_the_second() =>
        Assert.Equal(Reason.StepReachedNobody, Given(Self, AtSecondStep).When(new ReportUnreached(1, 0, "bob", Reason.NoContact)).And()
            .When(new ReportUnreached(1, 0, "carol", Reason.NoContact)).Decision.Reason);

    [Fact]
    public void An_answer_for_an_earlier_step_is_late() =>
        Given(Self, AtSecondStep).When(new ReportUnreached(0, 0, "alice", Reason.NoContact)).ThenNothing(Reason.EscalationTimerLate);

    [Fact]
    public void A_delivered_page_is_written_down() =>
        Given(Self, Active).When(Report("alice", 0, 1, DeliveryVerdict.Delivered)).Then(Reason.PageDelivered, [Reported("alice", 0, DeliveryVerdict.Delivered)]);

    [Fact]
    public void A_target_whose_every_page_was_given_up_was_not_reached() =>
        Given(Self, Active).When(Report("alice", 0, 2, DeliveryVerdict.GiveUp)).Then(Reason.PageGivenUp, [Reported("alice", 0, DeliveryVerdict.GiveUp, still: 1)])
            .When(Report("alice", 1, 2, DeliveryVerdict.GiveUp)).Then(Reason.StepReachedNobody,
            [Reported("alice", 1, DeliveryVerdict.GiveUp), new TargetNotReached("alice", Reason.PageGivenUp), SecondStep with { Why = Reason.StepReachedNobody }], PagesOf(1, 0));

    [Fact]
    public void A_target_that_one_of_two_pages_reached_has_the_steps_time() =>
        Given(Self, Active).When(Report("alice", 0, 2, DeliveryVerdict.Delivered)).And()
            .When(Report("alice", 1, 2, DeliveryVerdict.GiveUp)).Then(Reason.PageGivenUp, [Reported("alice", 1, DeliveryVerdict.GiveUp)]);

    [Fact]
    public void A_page_given_up_late_moves_nothing()
    {
        Given(Self, AtSecondStep).When(Report("alice", 0, 1, DeliveryVerdict.GiveUp)).Then(Reason.PageGivenUp, [Reported("alice", 0, DeliveryVerdict.GiveUp)]);
        Given(Self, Acknowledged).When(Report("alice", 0, 1, DeliveryVerdict.GiveUp)).Then(Reason.PageGivenUp, [Reported("alice", 0, DeliveryVerdict.GiveUp)]);
    }

    [Fact]
    public void Steps_without_targets_are_passed_over_and_say_so() =>
        Assert.Equal(["0 [] EscalationBegan", "1 [bob] StepReachedNobody"], Steps(Opening(0, [], ["bob"])));

    [Fact]
    public void A_policy_without_any_target_ends_after_one_round_whatever_it_repeats()
    {
        var events = Opening(5, [], []);
        Assert.Equal(["0 [] EscalationBegan", "1 [] StepReachedNobody"], Steps(events));
        Assert.Equal(new EscalationExhausted(Reason.StepReachedNobody), events[^1]);
    }

    [Fact]
    public void A_service_without_a_policy_pages_nobody_and_says_why()
    {
        var state = Given(Self).When(Open() with { Steps = [], Repeat = 0 }).Then(Reason.OpenedPaging,
            [Opened() with { Steps = [], Repeat = 0 }, new StepPaged(0, 0, 0, [], Reason.EscalationBegan), new EscalationExhausted(Reason.NoPolicy)], [Here(Severity.Critical)])
            .State<IncidentState>();
        Assert.False(state.Escalation!.Running);
    }

    [Fact]
    public void A_responder_named_twice_in_a_step_is_paged_once() =>
        Assert.Equal(["0 [bob] EscalationBegan"], Steps(Opening(0, ["bob", "bob"])));

    private static IEnumerable<string> Steps(IEnumerable<IEvent> events) =>
        events.OfType<StepPaged>().Select(s => $"{s.Step} [{string.Join(' ', s.Targets)}] {s.Why}");
}
