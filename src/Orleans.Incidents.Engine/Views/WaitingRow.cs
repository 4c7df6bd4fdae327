using NodaTime;

namespace Incidents.Engine.Views;

/// <summary>What goes on by itself at a known time, or should have.</summary>
public enum WaitingKind
{
    /// <summary>An escalation whose step times out then.</summary>
    Escalation,

    /// <summary>An escalation that stands still for good, because its time-out came too late; the time is when that was due.</summary>
    Lapsed,

    /// <summary>A page that is neither delivered, given up nor withdrawn: an attempt begins, ends or is made again by then.</summary>
    Page,
}

/// <summary>One of them.</summary>
/// <param name="Id">The incident's or the page's id.</param>
/// <param name="Due">When it goes on.</param>
public sealed record WaitingRow(string Id, Instant Due);

/// <summary>
/// What goes on by itself, by the events alone: whether the message that makes it go on is there is not asked. A read model like the
/// others: it may be deleted at any moment.
/// </summary>
public interface IWaitingViews
{
    /// <summary>Those due before a time, the oldest first.</summary>
    IReadOnlyList<WaitingRow> Waiting(WaitingKind kind, Instant before, int limit);

    /// <summary>How many are due before a time; no more than <paramref name="most"/> are counted.</summary>
    long CountWaiting(WaitingKind kind, Instant before, int most);
}
