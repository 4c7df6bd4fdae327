using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Incidents;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Pages;

/// <summary>What becomes of a page: tried, tried again, delivered, given up, withdrawn.</summary>
public static class PageRules
{
    /// <summary>
    /// How long an attempt may be silent before it counts as lost in a crash and is made again: longer than any channel's
    /// own time-out (15 s).
    /// </summary>
    public static Duration LostAfter { get; } = Duration.FromSeconds(20);

    /// <summary>Decides on a command. Pure.</summary>
    public static Decision Decide(PageState state, ICommand command, TurnInput input) => command switch
    {
        DeliverPage c => Deliver(state, c.Content, input),
        WithdrawPage c => state.Status is PageStatus.Delivered or PageStatus.GivenUp or PageStatus.Discarded or PageStatus.Withdrawn || (c.OnlyStarted && state.Status == PageStatus.New)
            ? Decision.Nothing(Reason.PageAlreadyEnded)
            : Decision.Of(Reason.PageWithdrawn, new PageWithdrawn(state.Attempt)),
        RetryPage c => Retry(state, c, input),
        ReportAttempt c => Report(state, c, input),
        _ => PageRecovery.Decide(state, command, input),
    };

    // What waited for a day, as while no process ran, nobody wants any more.
    private static Decision Deliver(PageState state, PageContent content, TurnInput input) => state.Status switch
    {
        PageStatus.Withdrawn => Decision.Nothing(Reason.PageAlreadyEnded),
        not PageStatus.New => Decision.Nothing(Reason.PageAlreadyStarted),
        _ when input.Now - content.At > RetryPolicy.Paging.GiveUpAfter => Ended(new PageGivenUp(0, DeliveryReason.TooLate, "the page was made more than a day ago"), content),
        _ => Try(1, input.Now, content, input.Now, Reason.PageAttempted),
    };

    /// <summary>Begins an attempt, with the timer that finds it again if its outcome is lost.</summary>
    internal static Decision Try(int attempt, Instant firstAt, PageContent content, Instant now, Reason reason) =>
        Decision.Of(reason, new PageAttemptStarted(attempt, firstAt, content),
            new Message(StreamId.Page(content.Id), new RetryPage(attempt, Lost: true), now + LostAfter));

    private static Decision Retry(PageState state, RetryPage timer, TurnInput input)
    {
        // The timer for a lost outcome must not cut short the wait of an attempt that has failed.
        var matters = timer.After == state.Attempt && state.Status == (timer.Lost ? PageStatus.Trying : PageStatus.Waiting);
        if (!matters || state.Content is not { } content)
            return Decision.Nothing(Reason.PageTimerLate);
        if (input.Now - state.FirstAt > RetryPolicy.Paging.GiveUpAfter)
        {
            return Ended(
                timer.Lost
                    ? new PageGivenUp(state.Attempt, DeliveryReason.Timeout, "the outcome of the last attempt never came")
                    : new PageGivenUp(state.Attempt, DeliveryReason.TooLate, "the next attempt was due more than a day after the first"),
                content);
        }

        return Try(state.Attempt + 1, state.FirstAt, content, input.Now, timer.Lost ? Reason.PageAttemptLost : Reason.PageAttempted);
    }

    private static Decision Report(PageState state, ReportAttempt report, TurnInput input)
    {
        // A report may come after its attempt was declared lost and made again: the page is out all the same.
        if (state.Content is not { } content || state.Status is PageStatus.Delivered or PageStatus.GivenUp or PageStatus.Discarded)
            return Decision.Nothing(Reason.PageAlreadyEnded);
        if (report.Result.Verdict == DeliveryVerdict.Delivered)
        {
            return Decision.Of(Reason.PageDelivered, new PageDelivered(report.Attempt),
                Tell(content, DeliveryVerdict.Delivered, report.Result.Reason, report.Result.Detail));
        }

        if (state.Status == PageStatus.Withdrawn)
            return Decision.Nothing(Reason.PageAlreadyEnded);
        if (report.Attempt != state.Attempt || state.Status != PageStatus.Trying)
            return Decision.Nothing(Reason.PageTimerLate);

        var next = report.Result.Verdict == DeliveryVerdict.GiveUp || TestRules.IsTest(content.Id)
            ? null
            : RetrySchedule.Next(RetryPolicy.Paging, content.Id, report.Attempt, input.Now - state.FirstAt, report.Result.RetryAfter);
        return next is { } delay
            ? Decision.Of(Reason.PageWillBeRetried,
                new PageAttemptFailed(report.Attempt, report.Result.Reason, report.Result.Detail, input.Now + delay),
                new Message(StreamId.Page(content.Id), new RetryPage(report.Attempt, Lost: false), input.Now + delay))
            : Ended(new PageGivenUp(report.Attempt, report.Result.Reason, report.Result.Detail), content);
    }

    private static Decision Ended(PageGivenUp happened, PageContent content) =>
        Decision.Of(Reason.PageGivenUp, happened, Tell(content, DeliveryVerdict.GiveUp, happened.Why, happened.Detail));

    private static Message Tell(PageContent page, DeliveryVerdict verdict, DeliveryReason why, string detail) => TestRules.IsTest(page.Id)
        ? TestRules.Report(page, verdict, why, detail)
        : new(StreamId.Incident(page.Incident), new ReportPage(page.Id, page.Step, page.Round, page.Responder, page.Contacts, page.Contact.Channel, verdict, why, detail));
}
