using Incidents.Delivery;

namespace Incidents.Engine.Delivery;

/// <summary>One way to reach people or systems: a webhook, a mail server, a console.</summary>
public interface IDeliveryChannel
{
    /// <summary>The channel's name, as configuration and <see cref="Notification.Channel"/> use it. Lower case.</summary>
    string Name { get; }

    /// <summary>
    /// Makes one attempt. It bounds its own time, keeps no queue and does not retry; what went wrong outside is a result, never
    /// an exception. Safe to call concurrently. An attempt that was cut off may still have arrived: delivery is at least once.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled; whether it arrived is unknown.</exception>
    Task<DeliveryResult> DeliverAsync(Notification n, CancellationToken cancel);
}
