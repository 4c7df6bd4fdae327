using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Incidents.Engine;
using NodaTime;

namespace Incidents.Server.Edge;

/// <summary>
/// Browser sessions: a single-use link of ten minutes becomes a signed cookie of twelve hours. The cookie is a MAC over identity
/// and expiry, so sessions outlive a restart and cost no storage.
/// </summary>
internal sealed class Sessions(byte[] secret, TimeProvider clock)
{
    public const string Cookie = "incidents_session";

    private static readonly Duration LinkLife = Duration.FromMinutes(10);
    private readonly ConcurrentDictionary<string, (string Identity, Instant Until)> _links = new(StringComparer.Ordinal);

    public static Duration CookieLife { get; } = Duration.FromHours(12);

    /// <summary>Makes a link's token.</summary>
    public string NewLink(string identity)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        _links[token] = (identity, Time.Now(clock) + LinkLife);
        return token;
    }

    /// <summary>Uses a link up: the cookie's value, or <see langword="null"/> when it is unknown, used or too old.</summary>
    public string? Redeem(string token)
    {
        if (!_links.TryRemove(token, out var link) || Time.Now(clock) >= link.Until)
            return null;
        var text = string.Create(CultureInfo.InvariantCulture, $"{link.Identity}|{(Time.Now(clock) + CookieLife).ToUnixTimeSeconds()}");
        return $"{text}|{Mac(text)}";
    }

    /// <summary>The identity of a cookie; <see langword="null"/> when it is not ours or too old.</summary>
    public string? Find(string? cookie)
    {
        var parts = cookie?.Split('|');
        if (parts is not { Length: 3 } || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac($"{parts[0]}|{parts[1]}")), Encoding.UTF8.GetBytes(parts[2])))
            return null;
        return long.Parse(parts[1], CultureInfo.InvariantCulture) > Time.Now(clock).ToUnixTimeSeconds() ? parts[0] : null;
    }

    private string Mac(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes("session:" + text)));
}
