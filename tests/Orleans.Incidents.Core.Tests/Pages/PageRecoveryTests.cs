using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Pages;

public class PageRecoveryTests
{
    private const string Id = "I-0-0-alice-0";
    private static readonly StreamId Page = StreamId.Page(Id);
    private static readonly PageContent Content = new(Id, "I", "shop", "alert a", Severity.Critical, 0, 0, "alice", new Contact("email", "a@b.c", null), 1, Some.Now);
    private static readonly PageAttemptStarted First = new(1, Some.Now, Content);
    private static readonly PageGivenUp GivenUp = new(1, DeliveryReason.RecipientRefused, "550");
    private static readonly PageAttemptStarted Second = new(2, Some.In(60), Content);
    private static readonly Message Lost = new(Page, new RetryPage(2, Lost: true), Some.In(60) + PageRules.LostAfter);

    [Fact]
    public void A_given_up_page_is_tried_again_as_the_same_page() => Given(Page, First, GivenUp).When(new RetryGivenUp("mailbox made"), Some.In(60), Some.Alice)
        .Then(Reason.PageRetried, [new PageRetried("alice", "mailbox made"), Second], [Lost]);

    [Fact]
    public void Its_retries_begin_anew_even_after_its_day_is_over()
    {
        var late = Some.In(25 * 60);
        var page = Given(Page, First, GivenUp).When(new RetryGivenUp(""), late, Some.Alice).And();
        Assert.Equal(Reason.PageWillBeRetried, page.When(new ReportAttempt(2, DeliveryResult.Of(DeliveryReason.ServerError, "451")), late).Decision.Reason);
    }

    [Fact]
    public void A_page_that_is_left_given_up_stays_so() => Given(Page, First, GivenUp).When(new DiscardGivenUp("stale"), by: Some.Alice)
        .Then(Reason.PageDiscarded, [new PageDiscarded("alice", "stale")])
        .When(new RetryGivenUp("")).ThenNothing(Reason.PageNotGivenUp)
        .When(new ReportAttempt(1, DeliveryResult.Of(DeliveryReason.Accepted, ""))).ThenNothing(Reason.PageAlreadyEnded);

    [Fact]
    public void Only_the_first_of_two_decisions_counts() => Given(Page, First, GivenUp, new PageRetried("alice", ""), Second)
        .When(new RetryGivenUp("")).ThenNothing(Reason.PageNotGivenUp).When(new DiscardGivenUp("no")).ThenNothing(Reason.PageNotGivenUp);

    [Fact]
    public void A_page_that_is_under_way_or_delivered_is_nothing_to_decide_on()
    {
        Given(Page, First).When(new RetryGivenUp("")).ThenNothing(Reason.PageNotGivenUp);
        Given(Page, First, new PageDelivered(1)).When(new DiscardGivenUp("no")).ThenNothing(Reason.PageNotGivenUp);
    }

    [Fact]
    public void A_page_that_was_given_up_untried_can_only_be_discarded() => Given(Page, GivenUp with { Attempt = 0 })
        .When(new RetryGivenUp("")).ThenNothing(Reason.PageNeverTried)
        .When(new DiscardGivenUp("stale"), by: Some.Alice).Then(Reason.PageDiscarded, [new PageDiscarded("alice", "stale")]);

    [Fact]
    public void A_page_that_never_was_is_not_found() =>
        Given(Page).When(new RetryGivenUp("")).ThenNothing(Reason.NoSuchPage).When(new DiscardGivenUp("no")).ThenNothing(Reason.NoSuchPage);
}
