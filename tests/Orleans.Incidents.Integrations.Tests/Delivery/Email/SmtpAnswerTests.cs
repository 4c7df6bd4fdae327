using Incidents.Delivery;
using Incidents.Integrations.Delivery.Email;

namespace Incidents.Integrations.Tests.Delivery.Email;

/// <summary>What each refusal means, and which addresses are ones.</summary>
public sealed class SmtpAnswerTests
{
    [Theory]
    [InlineData("Greeting", 421, "too busy", DeliveryReason.ServerError)]
    [InlineData("Greeting", 554, "no service for you", DeliveryReason.ServerError)]
    [InlineData("StartTls", 454, "TLS not available", DeliveryReason.TlsError)]
    [InlineData("StartTls", 502, "what is that", DeliveryReason.TlsError)]
    [InlineData("SignIn", 454, "4.7.0 try later", DeliveryReason.ServerError)]
    [InlineData("SignIn", 535, "5.7.8 wrong", DeliveryReason.AuthError)]
    [InlineData("SignIn", 504, "5.5.4 not so", DeliveryReason.AuthError)]
    [InlineData("Sender", 530, "5.7.0 sign in first", DeliveryReason.AuthError)]
    [InlineData("Sender", 550, "5.7.1 not from you", DeliveryReason.ClientError)]
    [InlineData("Recipient", 450, "4.7.1 greylisted", DeliveryReason.RateLimited)]
    [InlineData("Recipient", 451, "4.3.0 later", DeliveryReason.ServerError)]
    [InlineData("Recipient", 450, "", DeliveryReason.ServerError)]
    [InlineData("Recipient", 550, "5.1.1 nobody", DeliveryReason.RecipientRefused)]
    [InlineData("Recipient", 552, "5.2.2 full", DeliveryReason.RecipientRefused)]
    [InlineData("Content", 452, "4.3.1 disk full", DeliveryReason.ServerError)]
    [InlineData("Content", 554, "5.7.1 spam", DeliveryReason.ClientError)]
    [InlineData("Content", 250, "too early", DeliveryReason.Unreachable)]
    [InlineData("Sender", 999, "odd", DeliveryReason.Unreachable)]
    public void Of_Refusal_HasItsReason(string stage, int code, string text, DeliveryReason reason) =>
        Assert.Equal(reason, SmtpAnswer.Of(Enum.Parse<SmtpStage>(stage), new SmtpReply(code, [text])));

    [Theory]
    [InlineData("250 fine", 250, false, "fine")]
    [InlineData("250-more", 250, true, "more")]
    [InlineData("250", 250, false, "")]
    [InlineData("250-", 250, true, "")]
    public void Parse_ALine_ReadsCodeAndWhetherMoreFollows(string line, int code, bool more, string text) => Assert.Equal((code, more, text), SmtpReply.Parse(line));

    [Theory]
    [InlineData("")]
    [InlineData("25")]
    [InlineData("2500")]
    [InlineData("25O fine")]
    [InlineData("HTTP/1.1 400")]
    [InlineData("+OK POP3")]
    public void Parse_SomethingElse_IsNotSmtp(string line) => Assert.Null(SmtpReply.Parse(line));

    [Theory]
    [InlineData("a@b")]
    [InlineData("first.last+pager@mail.example.com")]
    [InlineData("o'brien@xn--bcher-kva.example")]
    public void IsValid_AnAddress_Yes(string text) => Assert.True(EmailAddress.IsValid(text));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@b")]
    [InlineData("a@")]
    [InlineData("a@b@c")]
    [InlineData("a b@c")]
    [InlineData("a@b c")]
    [InlineData("a.@b")]
    [InlineData(".a@b")]
    [InlineData("a..b@c")]
    [InlineData("a@b..c")]
    [InlineData("a@-b")]
    [InlineData("a@b-")]
    [InlineData("ü@b")]
    [InlineData("a@bücher.example")]
    [InlineData("<a@b>")]
    [InlineData("Alice <a@b>")]
    [InlineData("a@b\r\nRCPT TO:<c@d>")]
    [InlineData("a@b>\r\nDATA")]
    [InlineData("\"a b\"@c")]
    [InlineData("a@[127.0.0.1]")]
    public void IsValid_AnythingElse_No(string text) => Assert.False(EmailAddress.IsValid(text));
}
