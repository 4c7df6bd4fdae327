using Incidents.Audit;
using Incidents.Decisions;

namespace Incidents.Pages;

/// <summary>Try a page again that was given up; given by an operator.</summary>
/// <param name="Why">In the operator's own words; may be empty.</param>
public sealed record RetryGivenUp(string Why) : ICommand;

/// <summary>Leave a page given up; given by an operator.</summary>
/// <param name="Why">In the operator's own words.</param>
public sealed record DiscardGivenUp(string Why) : ICommand;

/// <summary>An operator had it tried again. A <see cref="PageAttemptStarted"/> follows.</summary>
public sealed record PageRetried(string By, string Why) : IEvent;

/// <summary>An operator decided that it stays given up.</summary>
public sealed record PageDiscarded(string By, string Why) : IEvent;

/// <summary>
/// What operators do about a page that was given up. Of two who decide at once the first counts, because afterwards it is given up
/// no longer.
/// </summary>
public static class PageRecovery
{
    /// <summary>Decides on a command. Pure.</summary>
    public static Decision Decide(PageState state, ICommand command, TurnInput input) => command switch
    {
        RetryGivenUp or DiscardGivenUp when state.Status == PageStatus.New => Decision.Nothing(Reason.NoSuchPage),
        RetryGivenUp or DiscardGivenUp when state.Status != PageStatus.GivenUp => Decision.Nothing(Reason.PageNotGivenUp),
        RetryGivenUp c => state.Content is { } content ? Again(state, content, c.Why, input) : Decision.Nothing(Reason.PageNeverTried),
        DiscardGivenUp c => Decision.Of(Reason.PageDiscarded, new PageDiscarded(input.By.Id, c.Why)),
        _ => throw new UnknownCommandException(command),
    };

    // The same page, so the same id; but its day of retries begins anew.
    private static Decision Again(PageState state, PageContent content, string why, TurnInput input)
    {
        var attempt = PageRules.Try(state.Attempt + 1, input.Now, content, input.Now, Reason.PageRetried);
        return attempt with { Events = attempt.Events.Insert(0, new PageRetried(input.By.Id, why)) };
    }
}
