using Incidents.Delivery;
using System.Net.Http;

namespace Incidents.Integrations.Delivery.Webhook;

/// <summary>Bounds of the webhook channel.</summary>
public sealed record WebhookOptions
{
    /// <summary>For the whole attempt: name, connection, request, answer.</summary>
    /// <value>15 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Connections to one receiver (scheme, host and port); further attempts wait for one within their time-out.</summary>
    /// <value>128: as many as attempts, so that an address that hangs holds no connection that others of its receiver wait for.</value>
    public int ConnectionsPerReceiver { get; init; } = 128;

    /// <summary>
    /// Attempts to one receiver under way, waiting ones included; further ones end at once as
    /// <see cref="DeliveryReason.Congested"/>. Keep it under the number of deliveries the process makes at a
    /// time, and one slow receiver cannot hold up the others.
    /// </summary>
    /// <value>128.</value>
    public int AttemptsPerReceiver { get; init; } = 128;

    /// <summary>
    /// Attempts to one address under way; further ones end at once as <see cref="DeliveryReason.Congested"/>. Keep it under
    /// <see cref="AttemptsPerReceiver"/>, and an address that hangs leaves room for others of its receiver.
    /// </summary>
    /// <value>32.</value>
    public int AttemptsPerAddress { get; init; } = 32;

    /// <summary>How much of an answer that is not a success is read, for the detail.</summary>
    /// <value>4 KB.</value>
    public int AnswerBytes { get; init; } = 4096;

    /// <summary>The one place that sets up HTTP for the channel.</summary>
    internal SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = ConnectionsPerReceiver,
        MaxResponseDrainSize = AnswerBytes,
        // Names are looked up again, so that a receiver that moved is found.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // The request itself names the span of the attempt; the handler would put one in between that nobody records.
        ActivityHeadersPropagator = null,
    };
}
