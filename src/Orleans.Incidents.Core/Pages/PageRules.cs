using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Incidents;
using NodaTime;

namespace Incidents.Pages;

/// <summary>What becomes of a page: tried, tried again, delivered, given up.</summary>
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
        DeliverPage c => state.Status == PageStatus.New
            ? Try(1, input.Now, c.Content, input.Now, Reason.PageAttempted)
            : Decision.Nothing(Reason.PageAlreadyStarted),
        RetryPage c => state.Content is { } content && c.After == state.Attempt && state.Status == (c.Lost ? PageStatus.Trying : PageStatus.Waiting)
            ? Try(state.Attempt + 1, state.FirstAt, content, input.Now, c.Lost ? Reason.PageAttemptLost : Reason.PageAttempted)
            : Decision.Nothing(Reason.PageTimerLate),
        ReportAttempt c => Report(state, c, input),
        _ => throw new UnknownCommandException(command),
    };

    private static Decision Try(int attempt, Instant firstAt, PageContent content, Instant now, Reason reason) =>
        Decision.Of(reason, new PageAttemptStarted(attempt, firstAt, content),
            new Message(StreamId.Page(content.Id), new RetryPage(attempt, Lost: true), now + LostAfter));

    private static Decision Report(PageState state, ReportAttempt report, TurnInput input)
    {
        // A report may come after its attempt was declared lost and made again: the page is out all the same.
        if (state.Content is not { } content || state.Status is PageStatus.Delivered or PageStatus.GivenUp)
            return Decision.Nothing(Reason.PageAlreadyEnded);
        if (report.Result.Verdict == DeliveryVerdict.Delivered)
            return Ended(Reason.PageDelivered, new PageDelivered(report.Attempt), content, report);
        if (report.Attempt != state.Attempt || state.Status != PageStatus.Trying)
            return Decision.Nothing(Reason.PageTimerLate);

        var next = report.Result.Verdict == DeliveryVerdict.GiveUp
            ? null
            : RetrySchedule.Next(RetryPolicy.Paging, content.Id, report.Attempt, input.Now - state.FirstAt, report.Result.RetryAfter);
        return next is { } delay
            ? Decision.Of(Reason.PageWillBeRetried,
                new PageAttemptFailed(report.Attempt, report.Result.Reason, report.Result.Detail, input.Now + delay),
                new Message(StreamId.Page(content.Id), new RetryPage(report.Attempt, Lost: false), input.Now + delay))
            : Ended(Reason.PageGivenUp, new PageGivenUp(report.Attempt, report.Result.Reason, report.Result.Detail), content, report);
    }

    private static Decision Ended(Reason reason, IEvent happened, PageContent content, ReportAttempt report) =>
        Decision.Of(reason, happened, new Message(
            StreamId.Incident(content.Incident),
            new ReportPage(content.Id, content.Responder, content.Contact.Channel, report.Result.Verdict, report.Result.Reason, report.Result.Detail)));
}
