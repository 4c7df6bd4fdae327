using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Heartbeats;
using Incidents.Identities;
using NodaTime;

namespace Incidents.Server.Beats;

/// <summary>What is known of one sender of heartbeats. Changed only by whoever holds its <see cref="Turn"/>.</summary>
/// <param name="integration">The integration.</param>
/// <param name="since">Since when it is known.</param>
/// <param name="heard">The last beat that is stored; <see langword="null"/>: none.</param>
internal sealed class Pulse(IntegrationDefinition integration, Instant since, Instant? heard)
{
    public IntegrationDefinition Integration => integration;

    public HeartbeatRule Rule { get; } = integration.Heartbeat!;

    /// <summary>Since when it is known.</summary>
    public Instant Since => since;

    /// <summary>When it was last heard.</summary>
    public Instant? Heard { get; private set; } = heard;

    /// <summary>The last beat that is stored.</summary>
    public Instant? Stored { get; private set; } = heard;

    /// <summary>Whether its alert fires; <see langword="null"/>: nobody has asked the group since the start.</summary>
    public bool? Fires { get; set; }

    /// <summary>Whether that it is silent is being said.</summary>
    public bool IsBeingSaid { get; set; }

    /// <summary>One thing at a time, so that a beat and the silence before it come in order.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The group of its alert: the sender's own key leads to one, wherever the route goes.</summary>
    public StreamId Group => StreamId.GroupByKey(integration.Id, Alerts.LabelSet.Of("key", BeatAlerts.Key).Fingerprint);

    public void Hear(Instant at, bool isStored) => (Heard, Stored) = (at, isStored ? at : Stored);

    /// <summary>When it counts as silent.</summary>
    public Instant Deadline(Instant hearingSince) => HeartbeatRules.Deadline(Rule, Heard ?? since, hearingSince);

    /// <summary>Whether a group's state says that the alert fires.</summary>
    public static bool IsFiring(GroupState state) => state.Open && state.Find(BeatAlerts.Key) is { Firing: true };
}
