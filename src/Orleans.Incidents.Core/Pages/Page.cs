using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Pages;

/// <summary>Where a page stands.</summary>
public enum PageStatus
{
    /// <summary>Nothing was tried yet.</summary>
    New,

    /// <summary>An attempt is under way, or its outcome was lost.</summary>
    Trying,

    /// <summary>The last attempt failed; another is due.</summary>
    Waiting,

    /// <summary>The channel took it.</summary>
    Delivered,

    /// <summary>It will not be tried again, unless an operator has it tried.</summary>
    GivenUp,

    /// <summary>It was given up, and an operator decided that it stays so.</summary>
    Discarded,

    /// <summary>Nobody need be paged any more: it will not be tried again, but an attempt that was under way may still arrive.</summary>
    Withdrawn,
}

/// <summary>What a page says, frozen when it was made, so that every attempt says the same.</summary>
/// <param name="Id">The stable id, which the channel gets as its idempotency key.</param>
/// <param name="Incident">The incident's id; empty for a test.</param>
/// <param name="Service">The service's id; empty for a test.</param>
/// <param name="Title">One line.</param>
/// <param name="Severity">The incident's severity when it paged.</param>
/// <param name="Step">The escalation step, from 0.</param>
/// <param name="Round">The escalation round, from 0.</param>
/// <param name="Responder">Who is paged.</param>
/// <param name="Contact">How.</param>
/// <param name="Contacts">How many contacts of the responder are paged at once, this one included.</param>
/// <param name="At">When the page was made.</param>
public sealed record PageContent(
    string Id, string Incident, string Service, string Title, Severity Severity, int Step, int Round, string Responder, Contact Contact, int Contacts, Instant At)
{
    /// <summary>The id of the page to one contact: incident, step, round, responder and the contact's place in the list.</summary>
    public static string IdOf(string incident, int step, int round, string responder, int contact) => $"{incident}-{step}-{round}-{responder}-{contact}";

    /// <summary>Who is paged, by the page's id; <see langword="null"/>: not such an id.</summary>
    public static string? ResponderOf(string id)
    {
        var start = 0;
        for (var parts = TestRules.IsTest(id) ? 2 : 3; parts > 0; parts--)
        {
            start = id.IndexOf('-', start) + 1;
            if (start == 0)
                return null;
        }

        var end = id.LastIndexOf('-');
        return end > start ? id[start..end] : null;
    }
}

/// <summary>One page: (incident, step, round, responder, contact), from its making to its end.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Attempt">The number of the last attempt, from 1; 0 before the first.</param>
/// <param name="FirstAt">When the first attempt began.</param>
/// <param name="Content">What it says; <see langword="null"/>: it was never tried.</param>
public sealed record PageState(PageStatus Status, int Attempt, Instant FirstAt, PageContent? Content)
{
    /// <summary>Before anything happened.</summary>
    public static PageState Initial { get; } = new(PageStatus.New, 0, default, null);

    /// <summary>The fold: one line an event.</summary>
    public static PageState Evolve(PageState state, IEvent happened) => happened switch
    {
        PageAttemptStarted e => state with { Status = PageStatus.Trying, Attempt = e.Attempt, FirstAt = e.FirstAt, Content = e.Content },
        PageAttemptFailed => state with { Status = PageStatus.Waiting },
        PageDelivered => state with { Status = PageStatus.Delivered },
        PageGivenUp => state with { Status = PageStatus.GivenUp },
        PageRetried => state,
        PageDiscarded => state with { Status = PageStatus.Discarded },
        PageWithdrawn => state with { Status = PageStatus.Withdrawn },
        _ => throw new UnknownEventException(happened),
    };
}

/// <summary>Begin delivering.</summary>
public sealed record DeliverPage(PageContent Content) : ICommand;

/// <summary>A channel reports how an attempt ended.</summary>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Result">How it ended.</param>
public sealed record ReportAttempt(int Attempt, DeliveryResult Result) : ICommand;

/// <summary>Due when another attempt should start.</summary>
/// <param name="After">The attempt before it.</param>
/// <param name="Lost">Whether it is for an outcome that never came, as after a crash; otherwise it is for one that failed, and its wait is over.</param>
public sealed record RetryPage(int After, bool Lost) : ICommand;

/// <summary>Nobody need be paged any more; sent by the responder.</summary>
/// <param name="OnlyStarted">Whether a page that was never tried is left alone.</param>
public sealed record WithdrawPage(bool OnlyStarted) : ICommand;

/// <summary>An attempt is about to be made. Its flush releases the attempt itself.</summary>
public sealed record PageAttemptStarted(int Attempt, Instant FirstAt, PageContent Content) : IEvent;

/// <summary>An attempt failed and another is due.</summary>
public sealed record PageAttemptFailed(int Attempt, DeliveryReason Why, string Detail, Instant NextAt) : IEvent;

/// <summary>The channel took the page.</summary>
public sealed record PageDelivered(int Attempt) : IEvent;

/// <summary>The page will not be tried again.</summary>
/// <param name="Attempt">The last attempt; 0: none was made.</param>
/// <param name="Why">Why.</param>
/// <param name="Detail">For a person.</param>
public sealed record PageGivenUp(int Attempt, DeliveryReason Why, string Detail) : IEvent;

/// <summary>Nobody need be paged any more. What was under way may still arrive, and is then a <see cref="PageDelivered"/> behind this.</summary>
/// <param name="Attempt">The last attempt; 0: none was made, and none will be.</param>
public sealed record PageWithdrawn(int Attempt) : IEvent;
