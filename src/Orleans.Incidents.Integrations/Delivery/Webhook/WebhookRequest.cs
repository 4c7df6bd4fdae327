using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using Incidents.Delivery;
using Incidents.Engine.Delivery;

namespace Incidents.Integrations.Delivery.Webhook;

/// <summary>Makes the HTTP request of a notification. Pure but for what it is given.</summary>
internal static class WebhookRequest
{
    private const int MaxId = 128;

    /// <summary>An absolute http or https address without credentials in it.</summary>
    public static bool TryAddress(string address, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(address, UriKind.Absolute, out uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0;

    /// <summary>The request, signed if there are secrets; it names the recorded span that is current, and nothing else of a trace.</summary>
    public static HttpRequestMessage Make(Notification n, Uri address, IReadOnlyCollection<WebhookSecret> secrets, DateTimeOffset now)
    {
        var (id, timestamp) = (MessageId(n.Id), now.ToUnixTimeSeconds());
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(n.Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", n.ContentType);
        request.Headers.TryAddWithoutValidation("User-Agent", "Orleans.Incidents");
        request.Headers.TryAddWithoutValidation(StandardWebhooks.IdHeader, id);
        request.Headers.TryAddWithoutValidation(StandardWebhooks.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        if (Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C, Id: { } span })
            request.Headers.TryAddWithoutValidation("traceparent", span);
        if (secrets.Count > 0)
            request.Headers.TryAddWithoutValidation(StandardWebhooks.SignatureHeader, StandardWebhooks.Sign(secrets, id, timestamp, n.Body));
        return request;
    }

    /// <summary>
    /// The page id where a header and a signature can carry it as it is; else <c>msg_</c> and its SHA-256, which is as stable.
    /// </summary>
    public static string MessageId(string pageId)
    {
        var plain = pageId.Length is > 0 and <= MaxId && pageId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '/');
        return plain ? pageId : "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pageId)));
    }
}
