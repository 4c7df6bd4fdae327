using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Incidents.Integrations.Delivery.Webhook;

/// <summary>
/// Signatures of Standard Webhooks 1.0, symmetric scheme: HMAC-SHA256 over <c>id.timestamp.body</c>, base64, written
/// <c>v1,…</c>. Over the raw bytes of the body: parsing and writing JSON again would change them.
/// </summary>
public static class StandardWebhooks
{
    /// <summary>Carries the message's id, the same at every attempt: the receiver's idempotency key.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Carries the time of this attempt in Unix seconds.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Carries the signatures, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far a time stamp may be from the receiver's clock, inclusive, in both directions: 5 minutes.</summary>
    public static Duration Tolerance { get; } = Duration.FromMinutes(5);

    private const string Scheme = "v1,";

    /// <summary>The value of <see cref="SignatureHeader"/>: one signature a secret, in their order.</summary>
    /// <param name="secrets">At least one; during a rotation the new and the old.</param>
    /// <param name="id">Visible ASCII without a full stop, which separates the signed parts.</param>
    /// <param name="timestamp">Unix seconds, not negative.</param>
    /// <param name="body">What is sent, byte for byte.</param>
    /// <exception cref="ArgumentException">No secret, or an id that would make the signed text ambiguous or break the header.</exception>
    public static string Sign(IReadOnlyCollection<WebhookSecret> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timestamp);
        ArgumentOutOfRangeException.ThrowIfZero(secrets.Count, nameof(secrets));
        if (id.Length == 0 || id.AsSpan().ContainsAnyExceptInRange('!', '~') || id.Contains('.'))
            throw new ArgumentException("a webhook id is visible ASCII without a full stop", nameof(id));

        var signatures = new List<string>(secrets.Count);
        foreach (var secret in secrets)
            signatures.Add(Scheme + Convert.ToBase64String(Digest(secret, id, timestamp.ToString(CultureInfo.InvariantCulture), body)));
        return string.Join(' ', signatures);
    }

    /// <summary>Judges a received webhook. Compares in constant time; signatures of other versions are passed over.</summary>
    /// <param name="secrets">Any of them may have signed.</param>
    /// <param name="id">The value of <see cref="IdHeader"/>; <see langword="null"/> when absent.</param>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>; <see langword="null"/> when absent.</param>
    /// <param name="signatures">The value of <see cref="SignatureHeader"/>; <see langword="null"/> when absent.</param>
    /// <param name="body">What was received, byte for byte.</param>
    /// <param name="now">The receiver's clock.</param>
    public static WebhookVerification Verify(
        IReadOnlyCollection<WebhookSecret> secrets, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, Instant now)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signatures))
            return WebhookVerification.MissingHeader;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return WebhookVerification.BadTimestamp;
        var age = now.ToUnixTimeSeconds() - seconds;
        if (Math.Abs(age) > (long)Tolerance.TotalSeconds)
            return age > 0 ? WebhookVerification.TooOld : WebhookVerification.TooNew;
        if (secrets.Count == 0)
            return WebhookVerification.NoSecret;
        foreach (var secret in secrets)
        {
            if (Matches(Digest(secret, id, timestamp, body), signatures))
                return WebhookVerification.Valid;
        }

        return WebhookVerification.NoMatch;
    }

    private static bool Matches(ReadOnlySpan<byte> expected, string signatures)
    {
        var found = false;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes + 1];
        foreach (var range in signatures.AsSpan().Split(' '))
        {
            var signature = signatures.AsSpan()[range];
            if (signature.StartsWith(Scheme) && Convert.TryFromBase64Chars(signature[Scheme.Length..], given, out var length))
                found |= CryptographicOperations.FixedTimeEquals(expected, given[..length]);
        }

        return found;
    }

    private static byte[] Digest(WebhookSecret secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
