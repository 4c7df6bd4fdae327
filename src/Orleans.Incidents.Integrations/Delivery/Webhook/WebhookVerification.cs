namespace Incidents.Integrations.Delivery.Webhook;

/// <summary>Whether a signed webhook may be believed, and if not, why.</summary>
public enum WebhookVerification
{
    /// <summary>One of the signatures was made with one of the secrets over exactly these bytes, in time.</summary>
    Valid,

    /// <summary>A header is absent or empty: <c>webhook-id</c>, <c>webhook-timestamp</c> or <c>webhook-signature</c>.</summary>
    MissingHeader,

    /// <summary>The time stamp is not a whole number of seconds.</summary>
    BadTimestamp,

    /// <summary>Signed longer ago than the tolerance: perhaps a replay.</summary>
    TooOld,

    /// <summary>Signed further in the future than the tolerance: the clocks differ.</summary>
    TooNew,

    /// <summary>There is no secret to verify with.</summary>
    NoSecret,

    /// <summary>No signature matches: another secret, or other bytes.</summary>
    NoMatch,
}
