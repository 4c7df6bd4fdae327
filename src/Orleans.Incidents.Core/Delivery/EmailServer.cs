using Incidents.Decisions;

namespace Incidents.Delivery;

/// <summary>How the conversation with a mail server is protected.</summary>
public enum EmailSecurity
{
    /// <summary>Not at all: for a relay on this machine. No password ever goes over it but to this machine itself.</summary>
    None,

    /// <summary>Upgraded before anything is said (RFC 3207). A server that does not offer it is not talked to.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314, section 3.3).</summary>
    Implicit,
}

/// <summary>The mail server that pages go out through.</summary>
/// <param name="Host">Its name or IP address; under TLS its certificate must be for it.</param>
/// <param name="Port">From 1 to 65535.</param>
/// <param name="Tls">How the conversation is protected.</param>
/// <param name="From">The sender's address, in ASCII: <c>name@example.com</c>.</param>
/// <param name="Username">Who signs in; <see langword="null"/>: nobody does.</param>
/// <param name="PasswordRef">Where the password is read when a page is sent (<c>env:NAME</c>, or <c>file:PATH</c> with an absolute path), never the password itself; <see langword="null"/> together with <paramref name="Username"/>.</param>
public sealed record EmailServer(string Host, int Port, EmailSecurity Tls, string From, string? Username, string? PasswordRef);

/// <summary>The settings of a delivery channel.</summary>
/// <param name="Email">The mail server; <see langword="null"/>: none is configured.</param>
public sealed record ChannelState(EmailServer? Email)
{
    /// <summary>Before anything happened.</summary>
    public static ChannelState Initial { get; } = new((EmailServer?)null);

    /// <summary>The fold: one line an event.</summary>
    public static ChannelState Evolve(ChannelState state, IEvent happened) => happened switch
    {
        EmailConfigured e => new(e.Definition),
        _ => throw new UnknownEventException(happened),
    };
}

/// <summary>Set the mail server.</summary>
public sealed record ConfigureEmail(EmailServer Definition) : ICommand;

/// <summary>The mail server was set.</summary>
public sealed record EmailConfigured(EmailServer Definition) : IEvent;
