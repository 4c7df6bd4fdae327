using Incidents.Delivery;
using Incidents.Engine.Delivery;
using Incidents.Integrations.Delivery.Email;
using Incidents.Testing;

namespace Incidents.Integrations.Tests.Delivery.Email;

/// <summary>The channel against a real mail server on this machine.</summary>
public sealed class EmailChannelTests
{
    [Theory]
    [InlineData("Disk full on db-1", "[CRITICAL] Disk full on db-1 (checkout) 01JQ8ZK3VN5T7X9B2D4F6H8J0M")]
    [InlineData("Größe über 90 % — 容量不足 🔥", "[CRITICAL] Größe über 90 % — 容量不足 🔥 (checkout) 01JQ8ZK3VN5T7X9B2D4F6H8J0M")]
    [InlineData("x\r\nBcc: everybody@example.com", "[CRITICAL] x  Bcc: everybody@example.com (checkout) 01JQ8ZK3VN5T7X9B2D4F6H8J0M")]
    [InlineData(".\r\n.\r\nQUIT", "[CRITICAL] .  .  QUIT (checkout) 01JQ8ZK3VN5T7X9B2D4F6H8J0M")]
    public async Task DeliverAsync_Accepted_TheMailboxHasItOnceAndReadsItAsItWasMeant(string title, string subject)
    {
        await using var server = await MailServer.StartAsync();

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com", title));

        Assert.Equal((DeliveryVerdict.Delivered, DeliveryReason.Accepted, "127.0.0.1: 250 2.0.0 queued as 4711"), (result.Verdict, result.Reason, result.Detail));
        var mail = Assert.Single(server.Mails);
        Assert.Equal(("oncall@example.com", "alice@example.com", false, null, 0), (mail.From, mail.To, mail.Tls, mail.User, mail.Defects));
        Assert.Equal((subject, "auto-generated", $"{SomeMail.Incident}-0-0-alice-0"), (mail["Subject"], mail["Auto-Submitted"], mail["X-Incidents-Page"]));
        Assert.Empty(mail.Headers["Bcc"]);
        Assert.StartsWith(title.Replace("\r\n", "  ") + "\n\nseverity   critical\n", mail.Text.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task DeliverAsync_TheSamePageAgain_IsTheSameMail()
    {
        await using var server = await MailServer.StartAsync();

        await DeliverAsync(server, SomeMail.To("alice@example.com"));
        await DeliverAsync(server, SomeMail.To("alice@example.com"));

        Assert.Equal(2, server.Mails.Count);
        Assert.Equal(server.Mails[0].Raw, server.Mails[1].Raw);
        Assert.Equal($"<{SomeMail.Incident}-0-0-alice-0@example.com>", server.Mails[0]["Message-ID"]);
    }

    [Theory]
    [InlineData("temporary", DeliveryVerdict.Retry, DeliveryReason.ServerError, "at the recipient: 451 4.3.0 come back later")]
    [InlineData("grey", DeliveryVerdict.Retry, DeliveryReason.RateLimited, "at the recipient: 450 4.7.1 greylisted")]
    [InlineData("unknown", DeliveryVerdict.GiveUp, DeliveryReason.RecipientRefused, "at the recipient: 550 5.1.1 nobody here is called that")]
    [InlineData("full", DeliveryVerdict.GiveUp, DeliveryReason.RecipientRefused, "at the recipient: 552 5.2.2 the mailbox is full")]
    public async Task DeliverAsync_RecipientRefused_HasItsVerdict(string recipient, DeliveryVerdict verdict, DeliveryReason reason, string detail)
    {
        await using var server = await MailServer.StartAsync();

        var result = await DeliverAsync(server, SomeMail.To($"{recipient}@example.com"));

        Assert.Equal((verdict, reason, $"127.0.0.1: {detail}"), (result.Verdict, result.Reason, result.Detail));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task DeliverAsync_ContentRefused_GivesUp()
    {
        await using var server = await MailServer.StartAsync();

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com", "refuse this content"));

        Assert.Equal((DeliveryVerdict.GiveUp, DeliveryReason.ClientError), (result.Verdict, result.Reason));
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("implicit")]
    public async Task DeliverAsync_TlsWithATrustedCertificate_IsDeliveredUnderIt(string tls)
    {
        await using var server = await MailServer.StartAsync(tls);

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"), Settings(server, tls), new EmailOptions { Roots = [server.Certificate!] });

        Assert.Equal((DeliveryReason.Accepted, true), (result.Reason, Assert.Single(server.Mails).Tls));
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("implicit")]
    public async Task DeliverAsync_TlsWithACertificateThatNobodyVouchesFor_SaysSoAndSendsNothing(string tls)
    {
        await using var server = await MailServer.StartAsync(tls);

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"), Settings(server, tls));

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.TlsError), (result.Verdict, result.Reason));
        Assert.Contains("UntrustedRoot", result.Detail);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task DeliverAsync_TlsWithACertificateForAnotherName_SaysSoAndSendsNothing()
    {
        await using var server = await MailServer.StartAsync("starttls", host: "mail.example.com");

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"), Settings(server, "starttls"), new EmailOptions { Roots = [server.Certificate!] });

        Assert.Equal(DeliveryReason.TlsError, result.Reason);
        Assert.Contains("RemoteCertificateNameMismatch", result.Detail);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task DeliverAsync_StartTlsThatIsNotOffered_SendsNothingInClearText()
    {
        await using var server = await MailServer.StartAsync();

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"), Settings(server, "starttls"));

        Assert.Equal((DeliveryReason.TlsError, "127.0.0.1: at STARTTLS: the server does not offer STARTTLS"), (result.Reason, result.Detail));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task DeliverAsync_ImplicitTlsToAServerThatSpeaksNone_IsATlsError()
    {
        await using var server = await MailServer.StartAsync();

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"), Settings(server, "implicit"));

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.TlsError), (result.Verdict, result.Reason));
    }

    [Theory]
    [InlineData("plain", "none")]
    [InlineData("login", "none")]
    [InlineData("plain", "starttls")]
    [InlineData("login", "implicit")]
    public async Task DeliverAsync_SignIn_IsMadeInTheWayThatTheServerOffers(string signIn, string tls)
    {
        await using var server = await MailServer.StartAsync(tls, signIn);

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"), SignedIn(server, tls), tls == "none" ? null : new EmailOptions { Roots = [server.Certificate!] });

        Assert.True(result.Reason == DeliveryReason.Accepted, result.Detail);
        Assert.Equal(MailServer.User, Assert.Single(server.Mails).User);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("login")]
    public async Task DeliverAsync_WrongPassword_GivesUpAndSendsNothingUnsigned(string signIn)
    {
        await using var server = await MailServer.StartAsync("none", signIn);

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"), SignedIn(server), password: "wrong password");

        Assert.Equal((DeliveryVerdict.GiveUp, DeliveryReason.AuthError), (result.Verdict, result.Reason));
        Assert.StartsWith("127.0.0.1: at the sign-in: 535", result.Detail);
        Assert.DoesNotContain("wrong password", result.Detail);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task DeliverAsync_PasswordThatTheServerDoesNotAskFor_SendsNothingWithoutIt()
    {
        await using var server = await MailServer.StartAsync();

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"), SignedIn(server));

        Assert.Equal((DeliveryVerdict.GiveUp, DeliveryReason.AuthError), (result.Verdict, result.Reason));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task DeliverAsync_SignInThatIsRequiredAndNotConfigured_GivesUp()
    {
        await using var server = await MailServer.StartAsync("none", "plain");

        var result = await DeliverAsync(server, SomeMail.To("alice@example.com"));

        Assert.Equal((DeliveryVerdict.GiveUp, DeliveryReason.AuthError), (result.Verdict, result.Reason));
        Assert.StartsWith("127.0.0.1: at the sender: 530", result.Detail);
    }

    private static EmailServer Settings(MailServer server, string tls = "none") => SomeMail.Server(server.Port, tls switch
    {
        "starttls" => EmailSecurity.StartTls,
        "implicit" => EmailSecurity.Implicit,
        _ => EmailSecurity.None,
    });

    private static EmailServer SignedIn(MailServer server, string tls = "none") => Settings(server, tls) with { Username = MailServer.User, PasswordRef = "env:PASSWORD" };

    private static Task<DeliveryResult> DeliverAsync(MailServer server, Notification n, EmailServer? settings = null, EmailOptions? options = null, string password = MailServer.Password) =>
        new EmailChannel(new SomeMail.Secrets(password), TimeProvider.System, () => settings ?? Settings(server), options).DeliverAsync(n, TestContext.Current.CancellationToken);
}
