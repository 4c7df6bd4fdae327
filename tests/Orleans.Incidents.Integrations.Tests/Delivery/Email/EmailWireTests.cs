using Incidents.Delivery;
using Incidents.Integrations.Delivery.Email;
using Incidents.Testing;

namespace Incidents.Integrations.Tests.Delivery.Email;

/// <summary>Mail servers that break off, fall silent or talk nonsense, and settings that lead nowhere.</summary>
public sealed class EmailWireTests
{
    private readonly ManualTime _time = new(ManualTime.Noon);

    [Theory]
    [InlineData("", null, DeliveryReason.Unreachable, "at the greeting: the connection ended without an answer")]
    [InlineData("", "HTTP/1.1 400 Bad Request\r\n", DeliveryReason.Unreachable, "at the greeting: the answer is not SMTP: HTTP/1.1 400 Bad Request")]
    [InlineData("", "421 4.3.2 closing\r\n", DeliveryReason.ServerError, "at the greeting: 421 4.3.2 closing")]
    [InlineData("", "554 5.3.2 nothing for you\r\n", DeliveryReason.ServerError, "at the greeting: 554 5.3.2 nothing for you")]
    [InlineData("EHLO", "502 5.5.1 never heard\r\n", DeliveryReason.ServerError, "at the greeting: 502 5.5.1 never heard")]
    [InlineData("MAIL", null, DeliveryReason.Unreachable, "at the sender: the connection ended without an answer")]
    [InlineData("MAIL", "550 5.1.8 not from you\r\n", DeliveryReason.ClientError, "at the sender: 550 5.1.8 not from you")]
    [InlineData("RCPT", "550-5.1.1 nobody\r\n550 5.1.1 here\r\n", DeliveryReason.RecipientRefused, "at the recipient: 550 5.1.1 nobody 5.1.1 here")]
    [InlineData("DATA", "503 5.5.1 not now\r\n", DeliveryReason.ClientError, "at the content: 503 5.5.1 not now")]
    [InlineData(".", null, DeliveryReason.Unreachable, "at the content: the connection ended without an answer")]
    [InlineData(".", "452 4.3.1 disk full\r\n", DeliveryReason.ServerError, "at the content: 452 4.3.1 disk full")]
    public async Task DeliverAsync_OneStepGoesWrong_SaysWhichAndWhy(string at, string? answer, DeliveryReason reason, string detail)
    {
        await using var server = ScriptedServer.Except(at, answer);

        var result = await DeliverAsync(server.Port);

        Assert.Equal((reason, $"127.0.0.1: {detail}"), (result.Reason, result.Detail));
    }

    [Fact]
    public async Task DeliverAsync_EverythingGoesRight_TheConversationIsTheStandards()
    {
        await using var server = ScriptedServer.Except("never", null);

        var result = await DeliverAsync(server.Port);
        await Eventually.TrueAsync("the farewell", () => server.Lines.Contains("QUIT"));

        Assert.Equal((DeliveryReason.Accepted, "127.0.0.1: 250 fine"), (result.Reason, result.Detail));
        Assert.Equal(["EHLO", "MAIL FROM:<oncall@example.com>", "RCPT TO:<alice@example.com>", "DATA"], server.Lines.Skip(1).Take(4).Select(l => l.StartsWith("EHLO ", StringComparison.Ordinal) ? "EHLO" : l));
        Assert.Equal([".", "QUIT"], server.Lines.TakeLast(2));
    }

    [Fact]
    public async Task DeliverAsync_FarewellThatNobodyHears_ChangesNothing()
    {
        await using var server = ScriptedServer.Except("QUIT", null);

        Assert.Equal(DeliveryReason.Accepted, (await DeliverAsync(server.Port)).Reason);
    }

    [Fact]
    public async Task DeliverAsync_ALineThatBeginsWithAPoint_IsNotTheEnd()
    {
        await using var server = ScriptedServer.Except("never", null);

        await DeliverAsync(server.Port, title: ".hidden");

        Assert.Contains("..hidden", server.Lines);
        Assert.Single(server.Lines, ".");
    }

    [Fact]
    public async Task DeliverAsync_ClearTextBehindTheAgreementToTls_IsNotBelieved()
    {
        await using var server = new ScriptedServer(line => line switch
        {
            "" => "220 ready\r\n",
            "STARTTLS" => "220 go ahead\r\n250-injected\r\n250 AUTH PLAIN\r\n",
            _ => "250-here\r\n250 STARTTLS\r\n",
        });

        var result = await DeliverAsync(server.Port, EmailSecurity.StartTls);

        Assert.Equal((DeliveryReason.TlsError, "127.0.0.1: at STARTTLS: the server goes on in clear text after it agreed to TLS"), (result.Reason, result.Detail));
    }

    [Theory]
    [InlineData("220", 3000, "a line of more than 2000 characters")]
    [InlineData("220-x\r\n", 200, "more than 100 lines")]
    public async Task DeliverAsync_EndlessAnswer_IsCutOff(string piece, int times, string detail)
    {
        await using var server = ScriptedServer.Except("", string.Concat(Enumerable.Repeat(piece, times)));

        var result = await DeliverAsync(server.Port);

        Assert.Equal(DeliveryReason.Unreachable, result.Reason);
        Assert.Contains(detail, result.Detail);
    }

    [Theory]
    [InlineData("EHLO", "at the greeting")]
    [InlineData("RCPT", "at the recipient")]
    [InlineData(".", "at the content")]
    public async Task DeliverAsync_SilentServer_TimesOutAfterFifteenSecondsOfTheInjectedClock(string at, string where)
    {
        await using var server = ScriptedServer.Except(at, "");
        var attempt = DeliverAsync(server.Port);
        await Eventually.TrueAsync("the server fell silent", () => server.Lines.Any(l => l.StartsWith(at, StringComparison.Ordinal)));
        Assert.False(attempt.IsCompleted);

        _time.FireAll();
        var result = await attempt;

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.Timeout, $"127.0.0.1: not finished within 15 s, {where}"), (result.Verdict, result.Reason, result.Detail));
        Assert.Equal([TimeSpan.FromSeconds(15)], _time.Due);
    }

    [Fact]
    public async Task DeliverAsync_CallerCancels_ThrowsInsteadOfJudging()
    {
        await using var server = ScriptedServer.Except("", "");
        using var cancel = new CancellationTokenSource();
        var attempt = Channel(server.Port).DeliverAsync(SomeMail.To("alice@example.com"), cancel.Token);
        await server.Connected.WaitAsync(TestContext.Current.CancellationToken);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
    }

    [Fact]
    public async Task DeliverAsync_MoreThanTheServerIsGiven_WaitsAndThenIsCongested()
    {
        await using var server = ScriptedServer.Except("EHLO", "");
        var channel = Channel(server.Port, options: new EmailOptions { Connections = 1, Attempts = 2 });
        var first = channel.DeliverAsync(SomeMail.To("alice@example.com"), CancellationToken.None);
        await Eventually.TrueAsync("the server fell silent", () => server.Lines.Count == 2);
        var second = channel.DeliverAsync(SomeMail.To("alice@example.com"), CancellationToken.None);

        var third = await channel.DeliverAsync(SomeMail.To("alice@example.com"), CancellationToken.None);
        _time.FireAll();

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.Congested), (third.Verdict, third.Reason));
        Assert.Equal("127.0.0.1: not finished within 15 s, at the greeting", (await first).Detail);
        Assert.Equal("127.0.0.1: not finished within 15 s, while connecting", (await second).Detail);
        Assert.Single(server.Lines, "");
    }

    [Fact]
    public async Task DeliverAsync_NobodyListens_Retries()
    {
        var server = ScriptedServer.Except("never", null);
        var port = server.Port;
        await server.DisposeAsync();

        var result = await DeliverAsync(port);

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.Unreachable), (result.Verdict, result.Reason));
        Assert.StartsWith("127.0.0.1: while connecting: ", result.Detail);
    }

    [Fact]
    public async Task DeliverAsync_NoMailServerConfigured_WaitsForOne()
    {
        var channel = new EmailChannel(new SomeMail.Secrets(), _time, () => null);

        var result = await channel.DeliverAsync(SomeMail.To("alice@example.com"), TestContext.Current.CancellationToken);

        Assert.Equal((DeliveryVerdict.Retry, DeliveryReason.NotConfigured), (result.Verdict, result.Reason));
    }

    [Fact]
    public async Task DeliverAsync_PasswordThatCannotBeRead_SendsNothing()
    {
        await using var server = ScriptedServer.Except("never", null);
        var channel = new EmailChannel(new SomeMail.Secrets(), _time, () => SomeMail.Server(server.Port) with { Username = "u", PasswordRef = "env:ABSENT" });

        var result = await channel.DeliverAsync(SomeMail.To("alice@example.com"), TestContext.Current.CancellationToken);

        Assert.Equal((DeliveryReason.SecretMissing, "env:ABSENT is absent or empty"), (result.Reason, result.Detail));
        Assert.Empty(server.Lines);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice@example.com>\r\nRCPT TO:<everybody@example.com")]
    public async Task DeliverAsync_AnAddressThatIsNone_GivesUp(string address)
    {
        await using var server = ScriptedServer.Except("never", null);

        var result = await Channel(server.Port).DeliverAsync(SomeMail.To(address), TestContext.Current.CancellationToken);

        Assert.Equal((DeliveryVerdict.GiveUp, DeliveryReason.BadAddress), (result.Verdict, result.Reason));
        Assert.Empty(server.Lines);
    }

    private Task<DeliveryResult> DeliverAsync(int port, EmailSecurity tls = EmailSecurity.None, string title = "Disk full") =>
        Channel(port, tls).DeliverAsync(SomeMail.To("alice@example.com", title), TestContext.Current.CancellationToken);

    private EmailChannel Channel(int port, EmailSecurity tls = EmailSecurity.None, EmailOptions? options = null) =>
        new(new SomeMail.Secrets(), _time, () => SomeMail.Server(port, tls), options);
}
