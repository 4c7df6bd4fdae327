using System.Net.Http;
using Incidents.Delivery;
using Incidents.Engine.Delivery;
using NodaTime;

namespace Incidents.Integrations.Delivery.Webhook;

/// <summary>What a receiver's answer, or the lack of one, means. Pure.</summary>
internal static class WebhookAnswer
{
    /// <summary>
    /// The meaning of a status. A status of 408 says that the request did not arrive in time, so it is not the receiver's last
    /// word, unlike the rest of 4xx.
    /// </summary>
    public static DeliveryReason Of(int status) => status switch
    {
        >= 200 and <= 299 => DeliveryReason.Accepted,
        >= 300 and <= 399 => DeliveryReason.Redirected,
        401 or 403 => DeliveryReason.AuthError,
        408 => DeliveryReason.Timeout,
        410 => DeliveryReason.Gone,
        429 => DeliveryReason.RateLimited,
        >= 400 and <= 499 => DeliveryReason.ClientError,
        _ => DeliveryReason.ServerError,
    };

    /// <summary>The meaning of a failure before any status. Each is retried: none of them says that the message is unwanted.</summary>
    public static DeliveryReason Of(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError => DeliveryReason.TlsError,
        _ => DeliveryReason.Unreachable,
    };

    /// <summary>The header retry-after, in seconds or as a date; <see langword="null"/> when absent, unreadable or past.</summary>
    public static Duration? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => TimeSpan.Zero,
        };
        return asked > TimeSpan.Zero ? Duration.FromTimeSpan(asked) : null;
    }
}
