using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Core.Tests.Decisions;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;
using static Incidents.Core.Tests.Decisions.Scenario;

namespace Incidents.Core.Tests.Pages;

public class PageRulesTests
{
    private const string Id = "I-0-0-alice-0";
    private static readonly StreamId Page = StreamId.Page(Id);
    private static readonly PageContent Content = new(Id, "I", "shop", "alert a", Severity.Critical, 0, 0, "alice", new Contact("webhook", "https://a", null), 1, Some.Now);
    private static readonly PageAttemptStarted First = new(1, Some.Now, Content);
    private static readonly DeliveryResult Down = DeliveryResult.Of(DeliveryReason.ServerError, "503");

    // The wait follows from page and attempt, so a test can work it out as the rule does.
    private static readonly Instant NextAt = Some.Now + RetrySchedule.Next(RetryPolicy.Paging, Id, 1, Duration.Zero)!.Value;
    private static readonly PageAttemptFailed Failed = new(1, DeliveryReason.ServerError, "503", NextAt);

    private static Message Lost(int attempt, Instant from) => new(Page, new RetryPage(attempt, Lost: true), from + PageRules.LostAfter);

    private static Message Told(DeliveryVerdict verdict, DeliveryReason why, string detail) =>
        new(StreamId.Incident("I"), new ReportPage(Id, 0, 0, "alice", 1, "webhook", verdict, why, detail));

    [Fact]
    public void The_first_attempt_is_journalled_before_it_is_made() =>
        Given(Page).When(new DeliverPage(Content)).Then(Reason.PageAttempted, [First], [Lost(1, Some.Now)]);

    [Fact]
    public void A_page_starts_once() => Given(Page, First).When(new DeliverPage(Content)).ThenNothing(Reason.PageAlreadyStarted);

    [Fact]
    public void A_delivered_page_ends_and_its_incident_hears_of_it() =>
        Given(Page, First).When(new ReportAttempt(1, DeliveryResult.Of(DeliveryReason.Accepted, "200"))).Then(Reason.PageDelivered, [new PageDelivered(1)],
            [Told(DeliveryVerdict.Delivered, DeliveryReason.Accepted, "200")])
            .When(new ReportAttempt(1, Down)).ThenNothing(Reason.PageAlreadyEnded);

    [Fact]
    public void A_failed_attempt_is_made_again_after_its_wait() =>
        Given(Page, First).When(new ReportAttempt(1, Down)).Then(Reason.PageWillBeRetried, [Failed], [new(Page, new RetryPage(1, Lost: false), NextAt)])
            .When(new RetryPage(1, Lost: false), NextAt).Then(Reason.PageAttempted, [First with { Attempt = 2 }], [Lost(2, NextAt)]);

    [Fact]
    public void The_timer_for_a_lost_outcome_does_not_cut_the_wait_short() =>
        Given(Page, First, Failed).When(new RetryPage(1, Lost: true), Some.Now + PageRules.LostAfter).ThenNothing(Reason.PageTimerLate);

    [Fact]
    public void An_outcome_that_never_came_is_asked_for_again() =>
        Given(Page, First).When(new RetryPage(1, Lost: true), Some.In(1)).Then(Reason.PageAttemptLost, [First with { Attempt = 2 }], [Lost(2, Some.In(1))]);

    [Fact]
    public void A_page_whose_outcomes_never_come_is_given_up_after_a_day() =>
        Given(Page, First).When(new RetryPage(1, Lost: true), Some.In(24 * 60 + 1)).Then(Reason.PageGivenUp,
            [new PageGivenUp(1, DeliveryReason.Timeout, "the outcome of the last attempt never came")],
            [Told(DeliveryVerdict.GiveUp, DeliveryReason.Timeout, "the outcome of the last attempt never came")]);

    [Fact]
    public void A_retry_for_an_earlier_attempt_is_late() =>
        Given(Page, First, Failed, First with { Attempt = 2 }).When(new RetryPage(1, Lost: false)).ThenNothing(Reason.PageTimerLate);

    [Fact]
    public void A_retry_of_a_page_that_never_started_is_late() =>
        Given(Page).When(new RetryPage(0, Lost: true)).ThenNothing(Reason.PageTimerLate);

    [Fact]
    public void A_failure_reported_for_an_earlier_attempt_is_late() =>
        Given(Page, First, First with { Attempt = 2 }).When(new ReportAttempt(1, Down)).ThenNothing(Reason.PageTimerLate);

    [Fact]
    public void A_success_reported_for_an_earlier_attempt_still_counts() =>
        Assert.Equal(Reason.PageDelivered, Given(Page, First, First with { Attempt = 2 }).When(new ReportAttempt(1, DeliveryResult.Of(DeliveryReason.Accepted, "200"))).Decision.Reason);

    [Fact]
    public void What_the_receiver_will_never_take_is_given_up_at_once() =>
        Given(Page, First).When(new ReportAttempt(1, DeliveryResult.Of(DeliveryReason.Gone, "410"))).Then(Reason.PageGivenUp,
            [new PageGivenUp(1, DeliveryReason.Gone, "410")], [Told(DeliveryVerdict.GiveUp, DeliveryReason.Gone, "410")])
            .When(new RetryPage(1, Lost: true)).ThenNothing(Reason.PageTimerLate);

    [Fact]
    public void A_withdrawn_page_is_not_tried_again() =>
        Given(Page, First, Failed).When(new WithdrawPage(false)).Then(Reason.PageWithdrawn, [new PageWithdrawn(1)])
            .When(new RetryPage(1, Lost: false), NextAt).ThenNothing(Reason.PageTimerLate)
            .When(new WithdrawPage(false)).ThenNothing(Reason.PageAlreadyEnded);

    [Fact]
    public void A_page_that_was_withdrawn_before_it_was_tried_is_never_tried() =>
        Given(Page).When(new WithdrawPage(false)).Then(Reason.PageWithdrawn, [new PageWithdrawn(0)]).When(new DeliverPage(Content)).ThenNothing(Reason.PageAlreadyEnded);

    [Fact]
    public void A_page_that_may_never_have_been_made_is_not_marked() => Given(Page).When(new WithdrawPage(OnlyStarted: true)).ThenNothing(Reason.PageAlreadyEnded);

    [Fact]
    public void A_page_that_ended_is_not_withdrawn()
    {
        Given(Page, First, new PageDelivered(1)).When(new WithdrawPage(false)).ThenNothing(Reason.PageAlreadyEnded);
        Given(Page, First, new PageGivenUp(1, DeliveryReason.Gone, "410")).When(new WithdrawPage(true)).ThenNothing(Reason.PageAlreadyEnded);
    }

    [Fact]
    public void An_attempt_that_was_under_way_when_its_page_was_withdrawn_may_arrive_and_is_then_reported() =>
        Given(Page, First).When(new WithdrawPage(true)).Then(Reason.PageWithdrawn, [new PageWithdrawn(1)])
            .When(new RetryPage(1, Lost: true), Some.In(1)).ThenNothing(Reason.PageTimerLate)
            .When(new ReportAttempt(1, Down)).ThenNothing(Reason.PageAlreadyEnded)
            .When(new ReportAttempt(1, DeliveryResult.Of(DeliveryReason.Accepted, "200"))).Then(Reason.PageDelivered, [new PageDelivered(1)],
            [Told(DeliveryVerdict.Delivered, DeliveryReason.Accepted, "200")]);

    [Fact]
    public void A_page_that_waited_for_more_than_a_day_is_not_tried_any_more()
    {
        const string detail = "the page was made more than a day ago";
        Given(Page).When(new DeliverPage(Content), Some.In(24 * 60) + Duration.Epsilon).Then(Reason.PageGivenUp,
            [new PageGivenUp(0, DeliveryReason.TooLate, detail)], [Told(DeliveryVerdict.GiveUp, DeliveryReason.TooLate, detail)]);
        Assert.Equal(Reason.PageAttempted, Given(Page).When(new DeliverPage(Content), Some.In(24 * 60)).Decision.Reason);
    }

    [Fact]
    public void A_retry_that_comes_two_months_late_is_not_made()
    {
        const string detail = "the next attempt was due more than a day after the first";
        Given(Page, First, Failed).When(new RetryPage(1, Lost: false), Some.Now + Duration.FromDays(60)).Then(Reason.PageGivenUp,
            [new PageGivenUp(1, DeliveryReason.TooLate, detail)], [Told(DeliveryVerdict.GiveUp, DeliveryReason.TooLate, detail)]);
    }

    [Fact]
    public void A_retry_that_comes_a_day_after_the_first_attempt_is_still_made() =>
        Assert.Equal(Reason.PageAttempted, Given(Page, First, Failed).When(new RetryPage(1, Lost: false), Some.In(24 * 60)).Decision.Reason);

    [Fact]
    public void A_page_that_fails_for_a_day_is_given_up_and_reported_so() =>
        Given(Page, First).When(new ReportAttempt(1, Down), Some.In(24 * 60)).Then(Reason.PageGivenUp,
            [new PageGivenUp(1, DeliveryReason.ServerError, "503")], [Told(DeliveryVerdict.GiveUp, DeliveryReason.ServerError, "503")]);
}
