namespace Incidents.Audit;

/// <summary>
/// All that is stored of one event, final from the first commit: the fields that later parts fill (delegation, grants,
/// approvals, policy) have their place and are encoded as absent until then.
/// </summary>
public sealed record Envelope
{
    /// <summary>The stream's text form.</summary>
    public required string Stream { get; init; }

    /// <summary>From 1, without gaps, within the stream.</summary>
    public required long Version { get; init; }

    /// <summary>The event's stable name.</summary>
    public required string Type { get; init; }

    /// <summary>The version of the event's shape, from 1.</summary>
    public required int Schema { get; init; }

    /// <summary>When it was decided, in nanoseconds since 1970-01-01T00:00Z.</summary>
    public required long Time { get; init; }

    /// <summary>The identity that acted.</summary>
    public required string Actor { get; init; }

    /// <summary>The identity that it acted for; absent: for itself.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>The delegation chain; absent: none.</summary>
    public string? Delegation { get; init; }

    /// <summary>The grant that allowed it, and its version; absent: none was needed.</summary>
    public string? Grant { get; init; }

    /// <summary>The approval that allowed it; absent: none was needed.</summary>
    public string? Approval { get; init; }

    /// <summary>The version of the policy that decided; absent: none did.</summary>
    public string? Policy { get; init; }

    /// <summary>The named reason.</summary>
    public required string Reason { get; init; }

    /// <summary>The stored bytes.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>The stream's hash up to and including this event; see <see cref="Chain"/>.</summary>
    public required byte[] Hash { get; init; }
}
