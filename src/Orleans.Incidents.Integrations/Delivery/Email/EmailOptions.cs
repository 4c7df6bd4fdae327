using System.Security.Cryptography.X509Certificates;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>Bounds of the email channel.</summary>
public sealed record EmailOptions
{
    /// <summary>For the whole attempt: name, connection, TLS, conversation.</summary>
    /// <value>15 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Conversations with the mail server at a time; further attempts wait for one within their time-out.</summary>
    /// <value>8: mail servers commonly let one client have 10 to 50.</value>
    public int Connections { get; init; } = 8;

    /// <summary>
    /// Attempts under way, waiting ones included; further ones end at once as congested, so that a slow mail server does not
    /// hold up the other channels.
    /// </summary>
    /// <value>32.</value>
    public int Attempts { get; init; } = 32;

    /// <summary>Whom to trust instead of the machine's own certificate authorities.</summary>
    /// <value><see langword="null"/>: the machine's own.</value>
    public X509Certificate2Collection? Roots { get; init; }
}
