using System.Text;
using Incidents.Integrations.Delivery.Webhook;
using NodaTime;

namespace Incidents.Integrations.Tests.Delivery;

public class StandardWebhooksTests
{
    private const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long At = 1614265330;
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void Sign_TheStandardsVector_GivesItsSignature() => Assert.Equal(Signature, StandardWebhooks.Sign([Secret(Key)], Id, At, Body));

    [Fact]
    public void Sign_TwoSecrets_GivesBothSignaturesAndEachVerifies()
    {
        var other = Secret("whsec_" + Convert.ToBase64String(new byte[32]));
        var signatures = StandardWebhooks.Sign([other, Secret(Key)], Id, At, Body);

        Assert.EndsWith(" " + Signature, signatures);
        Assert.Equal(WebhookVerification.Valid, Verify(signatures, secrets: [other]));
        Assert.Equal(WebhookVerification.Valid, Verify(signatures, secrets: [Secret(Key)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.1")]
    [InlineData("a b")]
    [InlineData("a\r\nx: y")]
    [InlineData("é")]
    public void Sign_IdThatCouldBeReadTwoWays_Throws(string id) =>
        Assert.Throws<ArgumentException>(() => StandardWebhooks.Sign([Secret(Key)], id, At, Body));

    [Fact]
    public void Sign_NoSecret_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => StandardWebhooks.Sign([], Id, At, Body));

    [Theory]
    [InlineData(0, WebhookVerification.Valid)]
    [InlineData(300, WebhookVerification.Valid)]
    [InlineData(301, WebhookVerification.TooOld)]
    [InlineData(-300, WebhookVerification.Valid)]
    [InlineData(-301, WebhookVerification.TooNew)]
    public void Verify_ClockDifference_IsToleratedForFiveMinutesInclusive(long seconds, WebhookVerification expected) =>
        Assert.Equal(expected, Verify(Signature, now: At + seconds));

    [Theory]
    [InlineData("hello")]
    [InlineData("-1")]
    [InlineData("1614265330.5")]
    [InlineData(" 1614265330")]
    [InlineData("99999999999999999999")]
    public void Verify_TimestampThatIsNoWholeNumber_IsBad(string timestamp) =>
        Assert.Equal(WebhookVerification.BadTimestamp, StandardWebhooks.Verify([Secret(Key)], Id, timestamp, Signature, Body, Now(At)));

    [Fact]
    public void Verify_LargestTimestamp_IsTooNewAndDoesNotOverflow() =>
        Assert.Equal(WebhookVerification.TooNew,
            StandardWebhooks.Verify([Secret(Key)], Id, long.MaxValue.ToString(), Signature, Body, Now(At)));

    [Theory]
    [InlineData(null, "1614265330", Signature)]
    [InlineData(Id, null, Signature)]
    [InlineData(Id, "1614265330", null)]
    [InlineData(Id, "1614265330", "")]
    public void Verify_HeaderAbsent_SaysSo(string? id, string? timestamp, string? signatures) =>
        Assert.Equal(WebhookVerification.MissingHeader, StandardWebhooks.Verify([Secret(Key)], id, timestamp, signatures, Body, Now(At)));

    [Theory]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1,")]
    [InlineData("v1,!!!")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Verify_NoSignatureOfOurs_DoesNotMatch(string signatures) => Assert.Equal(WebhookVerification.NoMatch, Verify(signatures));

    [Fact]
    public void Verify_OtherBytes_DoesNotMatch() =>
        Assert.Equal(WebhookVerification.NoMatch,
            StandardWebhooks.Verify([Secret(Key)], Id, $"{At}", Signature, """{"test":2432232314}"""u8, Now(At)));

    [Fact]
    public void Verify_BodyThatIsNotText_IsSignedAndVerifiedAsBytes()
    {
        byte[] body = [0xFF, 0x00, 0xC3];
        var signature = StandardWebhooks.Sign([Secret(Key)], Id, At, body);

        Assert.Equal(WebhookVerification.Valid, StandardWebhooks.Verify([Secret(Key)], Id, $"{At}", signature, body, Now(At)));
    }

    [Fact]
    public void Verify_NoSecret_IsNeverValid() => Assert.Equal(WebhookVerification.NoSecret, Verify(Signature, secrets: []));

    [Theory]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk=")]
    public void TryParse_PaddingOrPrefixAbsent_GivesTheSameKey(string text)
    {
        var expected = StandardWebhooks.Sign([Secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk=")], Id, At, Body);

        Assert.Equal(expected, StandardWebhooks.Sign([Secret(text)], Id, At, Body));
    }

    [Theory]
    [InlineData("whsec_", "empty")]
    [InlineData("", "empty")]
    [InlineData("whsec_not base64!", "base64")]
    [InlineData("whsec_A", "base64")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "asymmetric")]
    public void TryParse_UnusableSecret_SaysWhyWithoutShowingIt(string text, string word)
    {
        Assert.False(WebhookSecret.TryParse(text, out _, out var problem));
        Assert.Contains(word, problem);
        if (text.Length > 6)
            Assert.DoesNotContain(text[6..], problem);
    }

    [Fact]
    public void ToString_OfASecret_DoesNotShowIt() => Assert.Equal("whsec_…", Secret(Key).ToString());

    private static WebhookVerification Verify(string signatures, long now = At, WebhookSecret[]? secrets = null) =>
        StandardWebhooks.Verify(secrets ?? [Secret(Key)], Id, $"{At}", signatures, Body, Now(now));

    private static Instant Now(long seconds) => Instant.FromUnixTimeSeconds(seconds);

    private static WebhookSecret Secret(string text)
    {
        Assert.True(WebhookSecret.TryParse(text, out var secret, out var problem), problem);
        return secret;
    }
}
