using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>One alert by one route: what is told of.</summary>
/// <param name="Origin">Its place among the rehearsed items.</param>
/// <param name="AlertIndex">The alert's place among those understood.</param>
/// <param name="Route">The route's id.</param>
/// <param name="Group">The group.</param>
/// <param name="Signal">What the group decides on.</param>
/// <param name="At">When.</param>
internal sealed record Item(int Origin, int AlertIndex, string Route, StreamId Group, Signal Signal, Instant At);

/// <summary>Everything that a sentence about one item may look at.</summary>
internal sealed class Story(Item item, Caller by, IReadOnlyDictionary<string, int> opened)
{
    public Item Item { get; } = item;

    public Alert Alert => Item.Signal.Alert;

    public string By => by.Authority;

    public Instant Now => Item.At;

    /// <summary>Whether an incident is opened by this rehearsal.</summary>
    public bool IsNew(string incident) => opened.ContainsKey(incident);

    /// <summary>What people call an incident. Ids of those that a rehearsal opens are never those that the real ones get.</summary>
    public string Incident(string? id) => id is null ? "no incident"
        : !opened.TryGetValue(id, out var alert) ? $"incident {id}"
        : alert == Item.AlertIndex ? "the new incident" : $"the incident that alert {alert} opens";
}
