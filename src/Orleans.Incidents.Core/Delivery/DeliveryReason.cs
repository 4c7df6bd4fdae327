namespace Incidents.Delivery;

/// <summary>
/// Why an attempt ended as it did. Each reason has one verdict (<see cref="DeliveryReasons.Verdict"/>). Names are stable: they
/// are stored, shown, and used as a metric's label.
/// </summary>
public enum DeliveryReason
{
    /// <summary>Delivered: the receiver answered that it has the message (HTTP 2xx, SMTP 250 to the content).</summary>
    Accepted,

    /// <summary>Retry: the receiver asks to slow down (HTTP 429, SMTP 4xx with an enhanced status of 4.7, as for greylisting).</summary>
    RateLimited,

    /// <summary>
    /// Retry: the receiver or a proxy before it failed (HTTP 5xx, or a status that no standard knows; any other SMTP 4xx, or a
    /// mail server that takes no mail at all).
    /// </summary>
    ServerError,

    /// <summary>Retry: no complete answer within the channel's time-out (or HTTP 408). It may have arrived.</summary>
    Timeout,

    /// <summary>Retry: no connection, no such host, or the connection ended before an answer.</summary>
    Unreachable,

    /// <summary>Retry: the secure connection could not be made. Often an expired certificate, which its owner repairs.</summary>
    TlsError,

    /// <summary>
    /// Retry: the receiver answered with a redirect (HTTP 3xx), which is never followed because it would carry the page to an
    /// address nobody configured. Often a maintenance page or a proxy's login, so it is not final.
    /// </summary>
    Redirected,

    /// <summary>Retry: too many attempts to this receiver are under way; this one was not made, so that others are not held up.</summary>
    Congested,

    /// <summary>Retry: a secret is referenced and none of the references leads to a usable one. Nothing was sent unsigned.</summary>
    SecretMissing,

    /// <summary>Retry: the channel needs settings that this server was started without.</summary>
    NotConfigured,

    /// <summary>Give up: the receiver will never take this message (HTTP 4xx other than those named here, SMTP 5xx to the sender or the content).</summary>
    ClientError,

    /// <summary>Give up: the receiver does not accept our credentials (HTTP 401, 403; SMTP 530, 534, 535, 538, or no way to sign in that we know).</summary>
    AuthError,

    /// <summary>Give up: the receiver is gone for good (HTTP 410).</summary>
    Gone,

    /// <summary>Give up: the configured address is not one this channel can use.</summary>
    BadAddress,

    /// <summary>Give up: the receiver's server does not take messages for this recipient (SMTP 5xx to the recipient).</summary>
    RecipientRefused,

    /// <summary>Give up: more than a day went by before the attempt, as while no process ran; nothing was sent.</summary>
    TooLate,
}

/// <summary>The table from reason to verdict.</summary>
public static class DeliveryReasons
{
    /// <summary>What a reason leads to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a reason of this version.</exception>
    public static DeliveryVerdict Verdict(this DeliveryReason reason) => reason switch
    {
        DeliveryReason.Accepted => DeliveryVerdict.Delivered,
        DeliveryReason.RateLimited or DeliveryReason.ServerError or DeliveryReason.Timeout => DeliveryVerdict.Retry,
        DeliveryReason.Unreachable or DeliveryReason.TlsError or DeliveryReason.Redirected => DeliveryVerdict.Retry,
        DeliveryReason.Congested or DeliveryReason.SecretMissing or DeliveryReason.NotConfigured => DeliveryVerdict.Retry,
        DeliveryReason.ClientError or DeliveryReason.AuthError => DeliveryVerdict.GiveUp,
        DeliveryReason.Gone or DeliveryReason.BadAddress or DeliveryReason.RecipientRefused or DeliveryReason.TooLate => DeliveryVerdict.GiveUp,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "unknown delivery reason"),
    };
}
