using System.Collections.Immutable;
using Incidents.Decisions;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>Alerts that another node has accepted, for groups of one shard: answered already, and decided on by the shard's owner.</summary>
/// <param name="Integration">The integration that they came through.</param>
/// <param name="ReceivedAt">When they arrived there.</param>
/// <param name="Alerts">One an alert and group, in order.</param>
public sealed record TakeAlerts(string Integration, Instant ReceivedAt, ImmutableArray<TakenAlert> Alerts) : ICommand
{
    /// <summary>The request that the owner takes up; what became of it is found under the message's id.</summary>
    internal RequestWork ToRequest(MessageWork mail, bool remembered) => new()
    {
        Id = mail.Id, Key = remembered ? mail.Id : null, By = mail.By, Integration = Integration, ReceivedAt = ReceivedAt, Mail = mail, Origin = mail.Origin,
        Items = [.. Alerts.Select(a => new RequestItem { Index = a.Alert, Group = a.Group, Signal = a.Signal })], Answer = _ => { },
    };
}

/// <summary>One alert for one group.</summary>
/// <param name="Alert">Which of the message's alerts it is, from 0; several of one alert follow each other.</param>
public sealed record TakenAlert(int Alert, StreamId Group, Signal Signal);
