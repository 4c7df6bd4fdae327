using Incidents.Delivery;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>How far a conversation with a mail server is.</summary>
internal enum SmtpStage
{
    Connecting,
    Greeting,
    StartTls,
    SignIn,
    Sender,
    Recipient,
    Content,
}

/// <summary>What a mail server's refusal means. Pure.</summary>
internal static class SmtpAnswer
{
    /// <summary>
    /// The meaning of a reply that is not the one hoped for. A 5xx is final only when it is about this message: a server that
    /// greets nobody says nothing of the page, and somebody will mend it.
    /// </summary>
    public static DeliveryReason Of(SmtpStage stage, SmtpReply reply) => reply.Code switch
    {
        _ when stage == SmtpStage.StartTls => DeliveryReason.TlsError,
        530 or 534 or 535 or 538 => DeliveryReason.AuthError,
        >= 400 and <= 499 => reply.IsPolicy && stage > SmtpStage.SignIn ? DeliveryReason.RateLimited : DeliveryReason.ServerError,
        >= 500 and <= 599 => stage switch
        {
            SmtpStage.Connecting or SmtpStage.Greeting => DeliveryReason.ServerError,
            SmtpStage.SignIn => DeliveryReason.AuthError,
            SmtpStage.Recipient => DeliveryReason.RecipientRefused,
            _ => DeliveryReason.ClientError,
        },
        _ => DeliveryReason.Unreachable,
    };

    /// <summary>The stage in words.</summary>
    public static string Name(this SmtpStage stage) => stage switch
    {
        SmtpStage.Connecting => "while connecting",
        SmtpStage.Greeting => "at the greeting",
        SmtpStage.StartTls => "at STARTTLS",
        SmtpStage.SignIn => "at the sign-in",
        SmtpStage.Sender => "at the sender",
        SmtpStage.Recipient => "at the recipient",
        _ => "at the content",
    };
}
