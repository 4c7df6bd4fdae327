using Incidents.Pages;

namespace Incidents.Engine.Delivery;

/// <summary>
/// One outward message to one address. A channel to a machine sends <paramref name="Body"/> as it is and adds nothing of its own but a
/// signature; one to a person words <paramref name="Page"/> itself. Either way every attempt says the same.
/// </summary>
/// <param name="Id">
/// The page's stable id. The same at every attempt, so that a receiver can drop repeats; sent as the channel's idempotency key.
/// </param>
/// <param name="Channel">The <see cref="IDeliveryChannel.Name"/> that sends it.</param>
/// <param name="Address">Where to, in the channel's own form. It comes from configuration only, never from an alert.</param>
/// <param name="SecretRef">
/// References to the channel's secret (<c>env:NAME</c> or <c>file:PATH</c>); during a rotation several, separated by spaces.
/// <see langword="null"/>: the channel needs none.
/// </param>
/// <param name="Subject">One line for a person.</param>
/// <param name="ContentType">The media type of <paramref name="Body"/>.</param>
/// <param name="Body">For a machine: sent as it is, byte for byte.</param>
/// <param name="Page">The same page, for channels that have a form of their own.</param>
public sealed record Notification(
    string Id,
    string Channel,
    string Address,
    string? SecretRef,
    string Subject,
    string ContentType,
    byte[] Body,
    PageContent Page);
