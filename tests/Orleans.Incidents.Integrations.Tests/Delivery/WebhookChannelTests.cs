using System.Text;
using Incidents.Delivery;
using Incidents.Engine.Delivery;
using Incidents.Integrations.Delivery;
using Incidents.Integrations.Delivery.Webhook;
using NodaTime;

namespace Incidents.Integrations.Tests.Delivery;

/// <summary>The channel against real sockets on this machine.</summary>
public sealed class WebhookChannelTests : IDisposable
{
    private const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string OldKey = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk=";
    private readonly ManualTime _time = new(ManualTime.Noon);
    private readonly WebhookChannel _channel;

    public WebhookChannelTests() => _channel = new WebhookChannel(new Secrets(), _time);

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task DeliverAsync_ReceiverAccepts_GotTheExactBytesAndAValidSignature()
    {
        await using var receiver = Receiver.Answering(Receiver.Http(204));

        var result = await DeliverAsync(receiver, "key");

        Assert.Equal((DeliveryVerdict.Delivered, DeliveryReason.Accepted), (result.Verdict, result.Reason));
        var request = Assert.Single(receiver.Requests);
        Assert.Equal("POST /hook?t=token HTTP/1.1", request.Head);
        Assert.Equal("application/json", request.Headers["content-type"]);
        Assert.Equal("inc-1:2", request.Headers["webhook-id"]);
        Assert.Equal("""{"ü": 1}""", Encoding.UTF8.GetString(request.Body));
        Assert.Equal(WebhookVerification.Valid, Verify(request, Key));
    }

    [Fact]
    public async Task DeliverAsync_Rotation_IsSignedWithEverySecretThatCanBeRead()
    {
        await using var receiver = Receiver.Answering(Receiver.Http(200));

        await DeliverAsync(receiver, "key  none old");

        var request = Assert.Single(receiver.Requests);
        Assert.Equal(WebhookVerification.Valid, Verify(request, Key));
        Assert.Equal(WebhookVerification.Valid, Verify(request, OldKey));
    }

    [Fact]
    public async Task DeliverAsync_NoSecretReference_IsSentUnsigned()
    {
        await using var receiver = Receiver.Answering(Receiver.Http(200));

        await DeliverAsync(receiver, null);

        Assert.DoesNotContain("webhook-signature", Assert.Single(receiver.Requests).Headers.Keys);
    }

    [Theory]
    [InlineData("none", "none is absent")]
    [InlineData("bad", "not base64")]
    [InlineData("none bad", "none is absent; bad: the secret is not base64")]
    [InlineData(" ", "empty")]
    public async Task DeliverAsync_NoUsableSecret_SendsNothingAndRetries(string references, string detail)
    {
        await using var receiver = Receiver.Answering(Receiver.Http(200));

        var result = await DeliverAsync(receiver, references);

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.SecretMissing), (result.Verdict, result.Reason));
        Assert.Contains(detail, result.Detail);
        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData(301, DeliveryVerdict.Retry, DeliveryReason.Redirected)]
    [InlineData(307, DeliveryVerdict.Retry, DeliveryReason.Redirected)]
    [InlineData(400, DeliveryVerdict.GiveUp, DeliveryReason.ClientError)]
    [InlineData(401, DeliveryVerdict.GiveUp, DeliveryReason.AuthError)]
    [InlineData(403, DeliveryVerdict.GiveUp, DeliveryReason.AuthError)]
    [InlineData(404, DeliveryVerdict.GiveUp, DeliveryReason.ClientError)]
    [InlineData(408, DeliveryVerdict.Retry, DeliveryReason.Timeout)]
    [InlineData(410, DeliveryVerdict.GiveUp, DeliveryReason.Gone)]
    [InlineData(422, DeliveryVerdict.GiveUp, DeliveryReason.ClientError)]
    [InlineData(429, DeliveryVerdict.Retry, DeliveryReason.RateLimited)]
    [InlineData(500, DeliveryVerdict.Retry, DeliveryReason.ServerError)]
    [InlineData(503, DeliveryVerdict.Retry, DeliveryReason.ServerError)]
    [InlineData(599, DeliveryVerdict.Retry, DeliveryReason.ServerError)]
    public async Task DeliverAsync_Status_HasItsVerdictAndReasonAndOneRequest(int status, DeliveryVerdict verdict, DeliveryReason reason)
    {
        await using var receiver = Receiver.Answering(Receiver.Http(status, "no\r\nway", "Location: /elsewhere"));

        var result = await DeliverAsync(receiver);

        Assert.Equal((verdict, reason), (result.Verdict, result.Reason));
        Assert.Equal($"{receiver.Url}: HTTP {status} no  way", result.Detail);
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData(503, "Retry-After: 120", 120)]
    [InlineData(429, "Retry-After: Sun, 01 Mar 2026 12:01:30 GMT", 90)]
    [InlineData(429, "Retry-After: Sun, 01 Mar 2026 11:59:00 GMT", null)]
    [InlineData(429, "Retry-After: soon", null)]
    [InlineData(400, "Retry-After: 120", null)]
    public async Task DeliverAsync_RetryAfter_IsReadInSecondsOrAsDate(int status, string header, int? seconds)
    {
        await using var receiver = Receiver.Answering(Receiver.Http(status, "", header));

        var result = await DeliverAsync(receiver);

        Assert.Equal(seconds is { } s ? Duration.FromSeconds(s) : null, result.RetryAfter);
    }

    [Fact]
    public async Task DeliverAsync_EndlessAnswer_IsReadUpToFourKilobytes()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 500 Word\r\n\r\n" + new string('x', 100_000));

        var result = await DeliverAsync(receiver);

        Assert.Equal(DeliveryReason.ServerError, result.Reason);
        Assert.Equal(4096, result.Detail.Count(c => c == 'x'));
    }

    [Fact]
    public async Task DeliverAsync_AnswerCutOffAfterTheStatus_KeepsTheStatus()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 410 Word\r\nContent-Length: 50\r\n\r\nhal");

        var result = await DeliverAsync(receiver);

        Assert.Equal(DeliveryReason.Gone, result.Reason);
        Assert.EndsWith("(the answer was cut off)", result.Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is not HTTP\r\n\r\n")]
    public async Task DeliverAsync_ConnectionEndsWithoutAnAnswer_Retries(string answer)
    {
        await using var receiver = Receiver.Answering(answer);

        var result = await DeliverAsync(receiver);

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.Unreachable), (result.Verdict, result.Reason));
    }

    [Fact]
    public async Task DeliverAsync_NobodyListens_Retries()
    {
        var receiver = Receiver.Answering("");
        var url = receiver.Url;
        await receiver.DisposeAsync();

        var result = await _channel.DeliverAsync(Page(url), CancellationToken.None);

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.Unreachable), (result.Verdict, result.Reason));
    }

    [Fact]
    public async Task DeliverAsync_ReceiverThatSpeaksNoTls_IsATlsError()
    {
        await using var receiver = new Receiver((_, _) => Task.FromResult("220 mail.example ready\r\n"), readsFirst: false);

        var result = await _channel.DeliverAsync(Page(receiver.Url.Replace("http:", "https:")), CancellationToken.None);

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.TlsError), (result.Verdict, result.Reason));
    }

    [Theory]
    [InlineData("not a url")]
    [InlineData("/relative")]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:password@example.org/")]
    public async Task DeliverAsync_UnusableAddress_GivesUpWithoutRepeatingIt(string address)
    {
        var result = await _channel.DeliverAsync(Page("") with { Address = address }, CancellationToken.None);

        Assert.Equal((DeliveryVerdict.GiveUp, DeliveryReason.BadAddress), (result.Verdict, result.Reason));
        Assert.DoesNotContain(address, result.Detail);
    }

    [Theory]
    [InlineData("inc.1", "msg_")]
    [InlineData("a b", "msg_")]
    [InlineData("a\r\nx: y", "msg_")]
    [InlineData("inc/1:2_3-4", "inc/1:2_3-4")]
    public async Task DeliverAsync_PageIdThatAHeaderCannotCarry_BecomesAStableHash(string id, string start)
    {
        await using var receiver = Receiver.Answering(Receiver.Http(200));
        var page = Page(receiver.Url) with { Id = id, SecretRef = "key" };

        await _channel.DeliverAsync(page, CancellationToken.None);
        await _channel.DeliverAsync(page, CancellationToken.None);

        var sent = Assert.Single(receiver.Requests.Select(r => r.Headers["webhook-id"]).Distinct());
        Assert.StartsWith(start, sent);
        Assert.All(receiver.Requests, r => Assert.Equal(WebhookVerification.Valid, Verify(r, Key)));
    }

    private Task<DeliveryResult> DeliverAsync(Receiver receiver, string? secretRef = null) =>
        _channel.DeliverAsync(Page(receiver.Url) with { SecretRef = secretRef }, CancellationToken.None);

    private static Notification Page(string url) =>
        new("inc-1:2", "webhook", url + "/hook?t=token", null, "Disk full", "application/json", """{"ü": 1}"""u8.ToArray(), Email.SomeMail.To("nobody@example.com").Page);

    private static WebhookVerification Verify(Received request, string key)
    {
        Assert.True(WebhookSecret.TryParse(key, out var secret, out _));
        return StandardWebhooks.Verify(
            [secret],
            request.Headers["webhook-id"],
            request.Headers["webhook-timestamp"],
            request.Headers["webhook-signature"],
            request.Body,
            Instant.FromDateTimeOffset(ManualTime.Noon));
    }

    private sealed class Secrets : ISecretReader
    {
        public SecretLookup Read(string reference) => reference switch
        {
            "key" => SecretLookup.Found(Key),
            "old" => SecretLookup.Found(OldKey),
            "bad" => SecretLookup.Found("whsec_!"),
            _ => SecretLookup.Missing($"{reference} is absent"),
        };
    }
}
