using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Responders;

public class ResponderRulesTests
{
    private static readonly StreamId Alice = StreamId.Responder("alice");
    private static readonly PageResponder Page = new("I", "shop", "alert a", Severity.Critical, 1, 2);
    private static readonly ResponderDefinition Reachable = Some.Responder("alice", "https://a", "https://b");

    [Fact]
    public void Who_it_is_and_how_to_reach_them_is_set() =>
        Given(Alice).When(new ConfigureResponder(Reachable)).Then(Reason.Configured, [new ResponderConfigured(Reachable)]);

    [Fact]
    public void Every_contact_gets_a_page_with_an_id_of_its_own() =>
        Given(Alice, new ResponderConfigured(Reachable)).When(Page).Then(Reason.Paged, [new ResponderPaged("I", 1, 2, ["I-1-2-alice-0", "I-1-2-alice-1"])],
        [
            .. Reachable.Contacts.Select((contact, i) => new Message(StreamId.Page($"I-1-2-alice-{i}"), new DeliverPage(
                new PageContent($"I-1-2-alice-{i}", "I", "shop", "alert a", Severity.Critical, 1, 2, "alice", contact, 2, Some.Now)))),
        ]);

    [Fact]
    public void A_responder_that_the_catalogue_does_not_have_is_reported() =>
        Given(Alice).When(Page).Then(Reason.UnknownResponder, messages: [new(StreamId.Incident("I"), new ReportUnreached(1, 2, "alice", Reason.UnknownResponder))]);

    [Fact]
    public void A_responder_without_a_contact_is_reported() =>
        Given(Alice, new ResponderConfigured(Some.Responder("alice"))).When(Page).Then(Reason.NoContact,
            messages: [new(StreamId.Incident("I"), new ReportUnreached(1, 2, "alice", Reason.NoContact))]);

    [Fact]
    public void Every_page_of_the_steps_named_is_taken_back() =>
        Given(Alice, new ResponderConfigured(Reachable)).When(new WithdrawPages("I", [new PagedStep(1, 2), new PagedStep(0, 3)])).Then(Reason.PagesWithdrawn, messages:
        [
            .. new[] { "I-1-2-alice-0", "I-1-2-alice-1", "I-0-3-alice-0", "I-0-3-alice-1" }.Select(id => new Message(StreamId.Page(id), new WithdrawPage(OnlyStarted: false))),
        ]);

    [Fact]
    public void Of_a_contact_that_was_taken_away_only_a_page_under_way_is_taken_back() =>
        Given(Alice, new ResponderConfigured(Reachable), new ResponderConfigured(Some.Responder("alice", "https://a"))).When(new WithdrawPages("I", [new PagedStep(0, 0)])).Then(
            Reason.PagesWithdrawn, messages:
            [
                new(StreamId.Page("I-0-0-alice-0"), new WithdrawPage(OnlyStarted: false)), new(StreamId.Page("I-0-0-alice-1"), new WithdrawPage(OnlyStarted: true)),
            ]);

    [Fact]
    public void Of_a_responder_that_the_catalogue_does_not_have_there_is_nothing_to_take_back() =>
        Given(Alice).When(new WithdrawPages("I", [new PagedStep(0, 0)])).ThenNothing(Reason.PagesWithdrawn);

    [Fact]
    public void Being_paged_changes_nothing_about_a_responder()
    {
        var before = ResponderState.Evolve(ResponderState.Initial, new ResponderConfigured(Reachable));
        Assert.Equal(before, ResponderState.Evolve(before, new ResponderPaged("I", 0, 0, [])));
    }
}
