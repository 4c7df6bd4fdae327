using System.Diagnostics.CodeAnalysis;

namespace Incidents.Integrations.Delivery.Webhook;

/// <summary>A symmetric key of Standard Webhooks, read from <c>whsec_</c> and base64. Never shows its value.</summary>
public sealed class WebhookSecret
{
    private const string Prefix = "whsec_";
    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    internal ReadOnlySpan<byte> Key => _key;

    /// <summary>
    /// Reads a key. The prefix <c>whsec_</c> and base64's padding may be absent, as some senders leave them out. An empty key
    /// is refused; other lengths than the 24 to 64 bytes of the standard are taken, because the other side chose them.
    /// </summary>
    /// <param name="text">The key as it was given out.</param>
    /// <param name="secret">The key; <see langword="null"/> when this returns <see langword="false"/>.</param>
    /// <param name="problem">For a person; says what is wrong without showing the key.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out WebhookSecret? secret, [NotNullWhen(false)] out string? problem)
    {
        (secret, problem) = (null, null);
        if (text.StartsWith("whsk_", StringComparison.Ordinal) || text.StartsWith("whpk_", StringComparison.Ordinal))
            problem = "an asymmetric key (whsk_, whpk_) is not supported; use whsec_";
        else if (Decode(text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text) is not { } key)
            problem = "the secret is not base64";
        else if (key.Length == 0)
            problem = "the secret is empty";
        else
            secret = new WebhookSecret(key);
        return secret is not null;
    }

    /// <summary>Never the key.</summary>
    public override string ToString() => Prefix + "…";

    private static byte[]? Decode(string base64)
    {
        var padded = base64.PadRight((base64.Length + 3) / 4 * 4, '=');
        var buffer = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, buffer, out var written) ? buffer[..written] : null;
    }
}
