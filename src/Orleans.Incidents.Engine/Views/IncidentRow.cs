using Incidents.Alerts;
using Incidents.Incidents;
using NodaTime;

namespace Incidents.Engine.Views;

/// <summary>An incident in the list.</summary>
/// <param name="Alerts">How many different alerts belong to it.</param>
/// <param name="Repeats">How many alerts merely repeated one of them, as they were last counted.</param>
/// <param name="CountedAt">
/// When that was. What repeats later is durable with its receipt and is counted here within a minute or two, as soon as it is an eighth
/// of what was counted before, or when anything else happens to the group; one incident and every receipt know it at once.
/// </param>
/// <param name="Problems">How many groups belong to it; more than one in a storm.</param>
/// <param name="Pages">How many pages were delivered.</param>
/// <param name="Flapping">How often its flapping group began to fire, as far as said, of several the last that said so; <see langword="null"/>: none flaps.</param>
/// <param name="AcknowledgedUntil">When the acknowledgement expires unless it is renewed; <see langword="null"/>: never, or there is none.</param>
public sealed record IncidentRow(
    string Id, string Service, string Title, Severity Severity, IncidentStatus Status, IncidentKind Kind, Instant OpenedAt, Instant UpdatedAt,
    Instant? ResolvedAt, string? AcknowledgedBy, long Alerts, long Repeats, Instant CountedAt, long Problems, long Pages, long? Flapping, Instant? AcknowledgedUntil);

/// <summary>Which incidents to list; absent parts do not filter.</summary>
/// <param name="Before">Only incidents whose id sorts before this one; ids sort by age.</param>
public sealed record IncidentFilter(IncidentStatus? Status, Severity? Severity, string? Service, bool OpenOnly, string? Before, int Limit);

/// <summary>Where the read models are kept. They may be deleted at any moment and then cost time only.</summary>
public interface IIncidentViews
{
    /// <summary>The journal position that is projected.</summary>
    long Position { get; }

    /// <summary>Projects events and moves to a position, in one transaction.</summary>
    void Apply(IReadOnlyList<StoredEvent> events, long position);

    /// <summary>Newest first.</summary>
    IReadOnlyList<IncidentRow> List(IncidentFilter filter);

    /// <summary>How many incidents are in each status.</summary>
    IReadOnlyDictionary<IncidentStatus, long> Count();

    /// <summary>Begins to make the views anew beside these, which stay readable. One begun before and not finished is given up.</summary>
    IViewsDraft Draft();
}

/// <summary>Views in the making. Given up when disposed before they took their place.</summary>
public interface IViewsDraft : IDisposable
{
    /// <summary>The journal position that is projected; 0 at the beginning.</summary>
    long Position { get; }

    /// <summary>Projects events and moves to a position, in one transaction.</summary>
    void Apply(IReadOnlyList<StoredEvent> events, long position);

    /// <summary>Takes the place of the views that it was begun beside. A crash leaves the old ones, the new ones, or none; never a mixture.</summary>
    void Replace();
}
