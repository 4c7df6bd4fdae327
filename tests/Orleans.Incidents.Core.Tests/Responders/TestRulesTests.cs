using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Throttling;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Responders;

public class TestRulesTests
{
    private static readonly StreamId Alice = StreamId.Responder("alice");
    private static readonly ResponderDefinition Reachable = Some.Responder("alice", "https://a", "https://b");
    private static readonly string Test = Some.Command.IncidentId(Some.Now, StreamId.Responder("alice").Shard);
    private static readonly GcraState Spent = Gcra.Charge(TestRules.Budget, GcraState.Full, Some.Now, 1).State;

    private static PageContent Content(int contact, int contacts) => new(
        $"test-{Test}-alice-{contact}", "", "", "Test notification for alice, asked for by olga", Severity.Info, 0, 0, "alice", Reachable.Contacts[contact], contacts, Some.Now);

    private static readonly Caller Olga = Some.Alice with { Id = "olga" };

    [Fact]
    public void Every_contact_gets_a_test_of_its_own() => Given(Alice, new ResponderConfigured(Reachable)).When(new TestResponder(null), by: Olga).Then(
        Reason.TestSent, [new ResponderTested("olga", [Content(0, 2).Id, Content(1, 2).Id], Spent)],
        [new Message(StreamId.Page(Content(0, 2).Id), new DeliverPage(Content(0, 2))), new Message(StreamId.Page(Content(1, 2).Id), new DeliverPage(Content(1, 2)))]);

    [Fact]
    public void One_contact_alone_can_be_tested() => Given(Alice, new ResponderConfigured(Reachable)).When(new TestResponder(1), by: Olga).Then(
        Reason.TestSent, [new ResponderTested("olga", [Content(1, 1).Id], Spent)], [new Message(StreamId.Page(Content(1, 1).Id), new DeliverPage(Content(1, 1)))]);

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_contact_that_is_not_there_is_not_tested(int contact) =>
        Given(Alice, new ResponderConfigured(Reachable)).When(new TestResponder(contact)).ThenNothing(Reason.NoSuchContact);

    [Fact]
    public void Who_has_no_contact_is_not_tested() => Given(Alice, new ResponderConfigured(Some.Responder("alice"))).When(new TestResponder(null)).ThenNothing(Reason.NoSuchContact);

    [Fact]
    public void Who_is_not_there_is_not_tested() => Given(Alice).When(new TestResponder(null)).ThenNothing(Reason.NoSuchResponder);

    [Fact]
    public void Nobody_is_sent_more_tests_than_the_budget_allows_whoever_asks()
    {
        var alice = Given(Alice, new ResponderConfigured(Reachable));
        for (var i = 0; i < 5; i++)
        {
            var sent = alice.When(new TestResponder(null), by: i % 2 == 0 ? Olga : Some.Agent);
            Assert.Equal(Reason.TestSent, sent.Decision.Reason);
            sent.And();
        }

        alice.When(new TestResponder(0)).ThenNothing(Reason.TestOverBudget).When(new TestResponder(0), Some.Now + Duration.FromSeconds(119)).ThenNothing(Reason.TestOverBudget);
        Assert.Equal(Reason.TestSent, alice.When(new TestResponder(0), Some.In(2)).Decision.Reason);
    }

    [Fact]
    public void Tests_spend_nothing_of_what_pages_need_and_survive_a_change_of_contacts()
    {
        var state = Given(Alice, new ResponderConfigured(Reachable), new ResponderTested("olga", [], Spent), new ResponderConfigured(Some.Responder("alice", "https://c"))).State<ResponderState>();
        Assert.Equal(Spent, state.Tests);
    }

    [Theory]
    [InlineData(DeliveryReason.Accepted, DeliveryVerdict.Delivered, Reason.PageDelivered)]
    [InlineData(DeliveryReason.ServerError, DeliveryVerdict.GiveUp, Reason.PageGivenUp)]
    [InlineData(DeliveryReason.AuthError, DeliveryVerdict.GiveUp, Reason.PageGivenUp)]
    public void A_test_is_tried_once_and_its_responder_hears_how_it_ended(DeliveryReason why, DeliveryVerdict verdict, Reason reason)
    {
        var content = Content(0, 1);
        var told = new ReportTest(content.Id, verdict, why, "detail");
        Given(StreamId.Page(content.Id), new PageAttemptStarted(1, Some.Now, content)).When(new ReportAttempt(1, DeliveryResult.Of(why, "detail"))).Then(
            reason, [verdict == DeliveryVerdict.Delivered ? new PageDelivered(1) : new PageGivenUp(1, why, "detail")], [new Message(Alice, told)]);
        Given(Alice, new ResponderConfigured(Reachable)).When(told).Then(Reason.TestEnded, [new TestEnded(content.Id, verdict, why, "detail")]);
    }

    [Fact]
    public void No_page_of_an_incident_is_a_test()
    {
        Assert.True(TestRules.IsTest(Content(0, 1).Id));
        Assert.False(TestRules.IsTest(PageContent.IdOf(Some.Incident, 0, 0, "test-alice", 0)));
    }
}
