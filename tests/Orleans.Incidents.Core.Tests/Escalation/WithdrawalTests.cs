using System.Collections.Immutable;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Core.Tests.Incidents;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using static Incidents.Core.Tests.Decisions.Scenario;
using static Incidents.Core.Tests.Incidents.SomeIncident;

namespace Incidents.Core.Tests.Escalation;

public class WithdrawalTests
{
    private static readonly IEvent[] AtSecondStep = [.. Active, new StepPaged(1, 0, 0, ["bob", "carol"], Reason.StepTimedOut, Some.In(15))];
    private static readonly IEvent[] InSecondRound = [.. AtSecondStep, FirstStep with { Round = 1 }];

    private static ReportPage Report(string responder, int contact, int contacts, DeliveryVerdict verdict = DeliveryVerdict.Delivered, int step = 0, int round = 0) => new(
        PageContent.IdOf("I", step, round, responder, contact), step, round, responder, contacts, "webhook", verdict,
        verdict == DeliveryVerdict.Delivered ? DeliveryReason.Accepted : DeliveryReason.Gone, "");

    private static ImmutableArray<Message> AfterAcknowledgement(IEvent[] past, params ReportPage[] reports)
    {
        var scenario = Given(Self, past);
        foreach (var report in reports)
            scenario = scenario.When(report).And();
        return scenario.When(new AcknowledgeIncident(), by: Some.Alice).Decision.Messages;
    }

    [Fact]
    public void A_page_that_was_not_reported_is_withdrawn_when_somebody_takes_it_on() => Assert.Equal(Show.Of(new[] { Withdrawn() }), Show.Of(AfterAcknowledgement(Active)));

    [Fact]
    public void Where_every_page_has_ended_nobody_is_told() => Assert.Empty(AfterAcknowledgement(Active, Report("alice", 0, 1)));

    [Fact]
    public void While_one_of_two_pages_is_under_way_its_responder_is_told()
    {
        Assert.Equal(Show.Of(new[] { Withdrawn() }), Show.Of(AfterAcknowledgement(Active, Report("alice", 1, 2))));
        Assert.Empty(AfterAcknowledgement(Active, Report("alice", 1, 2), Report("alice", 0, 2, DeliveryVerdict.GiveUp)));
    }

    [Fact]
    public void Pages_of_earlier_steps_and_rounds_are_withdrawn_too_one_message_a_responder() => Assert.Equal(
        Show.Of(new[] { new Message(StreamId.Responder("alice"), new WithdrawPages("I", [new PagedStep(0, 0), new PagedStep(0, 1)])), Withdrawn("bob", 1) }),
        Show.Of(AfterAcknowledgement(InSecondRound, Report("carol", 0, 1, step: 1))));

    [Fact]
    public void A_responder_who_cannot_be_paged_has_nothing_to_withdraw() =>
        Assert.Equal(Show.Of(new[] { Withdrawn(), Withdrawn("carol", 1) }),
            Show.Of(Given(Self, AtSecondStep).When(new ReportUnreached(1, 0, "bob", Reason.NoContact)).And().When(new AcknowledgeIncident(), by: Some.Alice).Decision.Messages));

    [Fact]
    public void How_many_pages_are_still_out_is_counted_by_responder_step_and_round()
    {
        var reported = Given(Self, AtSecondStep).When(Report("alice", 0, 4)).And().When(Report("bob", 0, 4, step: 1)).And().When(Report("carol", 0, 2, step: 1)).Decision.Events;
        Assert.Equal(1, Assert.Single(reported.OfType<PageReported>()).Out);
    }

    [Fact]
    public void What_was_withdrawn_once_is_not_withdrawn_again()
    {
        Given(Self, Acknowledged).When(new ResolveIncident(), by: Some.Alice).Then(Reason.Resolved, [new IncidentResolved("alice", Reason.Resolved, Some.Now)],
            [new(Some.Group, new EndGroup("I", 1))]);
        Given(Self, Resolved).When(new CloseIncident(), by: Some.Alice).Then(Reason.Closed, [new IncidentClosed("alice")]);
    }

    [Fact]
    public void A_withdrawn_page_that_arrives_all_the_same_is_written_down() =>
        Given(Self, Acknowledged).When(Report("alice", 0, 1)).Then(Reason.PageDelivered,
            [new PageReported("I-0-0-alice-0", "alice", "webhook", DeliveryVerdict.Delivered, DeliveryReason.Accepted, "")]);
}
