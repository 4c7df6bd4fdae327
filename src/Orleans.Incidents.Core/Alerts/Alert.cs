using System.Collections.Immutable;
using NodaTime;

namespace Incidents.Alerts;

/// <summary>What a signal asks for.</summary>
public enum AlertAction
{
    /// <summary>The problem exists.</summary>
    Trigger,

    /// <summary>Somebody has taken it on at the source. Opens nothing.</summary>
    Acknowledge,

    /// <summary>The problem has ended. Opens nothing.</summary>
    Resolve,
}

/// <summary>How the alert finds its group.</summary>
public enum AlertIdentity
{
    /// <summary>Its labels are complete and stable: the group is the route and its <c>group_by</c> labels, the key tells alerts apart inside.</summary>
    Labels,

    /// <summary>The sender chose the key, and later signals may carry nothing else: the group is the integration and the key.</summary>
    Key,
}

/// <summary>A link a person may want to follow. <paramref name="Text"/> may be empty.</summary>
public sealed record Link(string Href, string Text);

/// <summary>
/// One normalised signal, made by a translator from a sender's bytes. Immutable.
/// </summary>
public sealed record Alert
{
    /// <summary>What the signal asks for.</summary>
    public required AlertAction Action { get; init; }

    /// <summary>Identifies the problem within its integration: a fingerprint, or the sender's own key. Not empty.</summary>
    public required string DedupKey { get; init; }

    /// <summary>How the alert finds its group.</summary>
    public AlertIdentity Identity { get; init; } = AlertIdentity.Labels;

    /// <summary>One line for a person. Not empty.</summary>
    public required string Title { get; init; }

    /// <summary>The urgency; <see langword="null"/> when the sender gave none that is known.</summary>
    public Severity? Severity { get; init; }

    /// <summary>The sender's own word for the urgency, unchanged; <see langword="null"/> when there was none.</summary>
    public string? RawSeverity { get; init; }

    /// <summary>The sender's name for the affected service, as far as the payload says; routing decides the catalogue's service.</summary>
    public string? Service { get; init; }

    /// <summary>Where the signal comes from, in the sender's words.</summary>
    public string? Source { get; init; }

    /// <summary>What routing and matchers look at.</summary>
    public required LabelSet Labels { get; init; }

    /// <summary>What a person reads; no rule looks at it.</summary>
    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    /// <summary>Links for a person; may be empty.</summary>
    public ImmutableArray<Link> Links { get; init; } = [];

    /// <summary>When the problem began by the sender's clock, with the sender's offset lost; <see langword="null"/> when it did not say.</summary>
    public Instant? StartedAt { get; init; }

    /// <summary>When the problem ended by the sender's clock; <see langword="null"/> while firing or when it did not say.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>
    /// How long after its receipt a trigger counts as ended unless it is sent again; <see langword="null"/>: never by silence.
    /// </summary>
    public Duration? ExpiresAfter { get; init; }
}
