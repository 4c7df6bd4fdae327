using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Incidents.Delivery;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>
/// Hands one message to a mail server (RFC 5321): greeting, TLS, sign-in, sender, recipient, content. Each step either goes on or
/// ends the conversation with a result. A password that is configured is always asked for: nothing is sent without it.
/// </summary>
internal sealed class SmtpDelivery(EmailServer server, string? password, EmailOptions options)
{
    private IReadOnlyList<string> _offers = [];

    /// <summary>How far it came.</summary>
    public SmtpStage Stage { get; private set; }

    /// <summary>Delivers; what goes wrong on the way is a result.</summary>
    /// <exception cref="OperationCanceledException">It was cut off at <see cref="Stage"/>.</exception>
    public async Task<DeliveryResult> SendAsync(string to, byte[] message, CancellationToken cancel)
    {
        try
        {
            var client = new TcpClient();
            using (client)
            {
                await client.ConnectAsync(server.Host, server.Port, cancel);
                await using var connection = new SmtpConnection(client);
                return await TalkAsync(connection, (client.Client.LocalEndPoint as IPEndPoint)?.Address, to, message, cancel);
            }
        }
        catch (AuthenticationException untrusted)
        {
            return Failed(DeliveryReason.TlsError, untrusted.Message);
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            return Failed(Stage == SmtpStage.StartTls ? DeliveryReason.TlsError : DeliveryReason.Unreachable, broken.Message);
        }
    }

    private async Task<DeliveryResult> TalkAsync(SmtpConnection connection, IPAddress? self, string to, byte[] message, CancellationToken cancel)
    {
        var result = await BeginAsync(connection, HelloName(self), cancel)
            ?? await SignInAsync(connection, cancel)
            ?? await HandOverAsync(connection, to, message, cancel);
        await connection.LeaveAsync(cancel);
        return result;
    }

    private async Task<DeliveryResult?> BeginAsync(SmtpConnection connection, string name, CancellationToken cancel)
    {
        if (server.Tls == EmailSecurity.Implicit)
            await SecureAsync(connection, cancel);
        Stage = SmtpStage.Greeting;
        if (await connection.ReadAsync(cancel) is { IsDone: false } greeting)
            return Refused(greeting);
        if (await HelloAsync(connection, name, cancel) is { } refused)
            return refused;
        if (server.Tls != EmailSecurity.StartTls)
            return null;
        Stage = SmtpStage.StartTls;
        if (!_offers.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase))
            return Failed(DeliveryReason.TlsError, "the server does not offer STARTTLS");
        if (await connection.SendAsync("STARTTLS", cancel) is { IsDone: false } reply)
            return Refused(reply);
        await SecureAsync(connection, cancel);

        // What was said in clear text does not count any more (RFC 3207, section 4.2).
        Stage = SmtpStage.Greeting;
        return await HelloAsync(connection, name, cancel);
    }

    private async Task<DeliveryResult?> HelloAsync(SmtpConnection connection, string name, CancellationToken cancel)
    {
        var reply = await connection.SendAsync($"EHLO {name}", cancel);
        _offers = [.. reply.Lines.Skip(1)];
        return reply.IsDone ? null : Refused(reply);
    }

    private async Task SecureAsync(SmtpConnection connection, CancellationToken cancel)
    {
        Stage = SmtpStage.StartTls;
        var secure = new SslClientAuthenticationOptions { TargetHost = server.Host };
        if (options.Roots is { } roots)
        {
            secure.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            secure.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        await connection.SecureAsync(secure, cancel);
    }

    private async Task<DeliveryResult?> SignInAsync(SmtpConnection connection, CancellationToken cancel)
    {
        if (server.Username is not { } user)
            return null;
        Stage = SmtpStage.SignIn;
        var ways = _offers.FirstOrDefault(o => o.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.ToUpperInvariant().Split(' ') ?? [];
        if (!ways.Contains("PLAIN") && !ways.Contains("LOGIN"))
            return Failed(DeliveryReason.AuthError, "the server offers neither AUTH PLAIN nor AUTH LOGIN");
        var reply = ways.Contains("PLAIN")
            ? await connection.SendAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", cancel)
            : await LogInAsync(connection, user, cancel);
        return reply.IsDone ? null : Refused(reply);
    }

    private async Task<SmtpReply> LogInAsync(SmtpConnection connection, string user, CancellationToken cancel)
    {
        foreach (var line in new[] { "AUTH LOGIN", Base64(user) })
        {
            if (await connection.SendAsync(line, cancel) is { IsHalfway: false } reply)
                return reply;
        }

        return await connection.SendAsync(Base64(password!), cancel);
    }

    private async Task<DeliveryResult> HandOverAsync(SmtpConnection connection, string to, byte[] message, CancellationToken cancel)
    {
        Stage = SmtpStage.Sender;
        if (await connection.SendAsync($"MAIL FROM:<{server.From}>", cancel) is { IsDone: false } sender)
            return Refused(sender);
        Stage = SmtpStage.Recipient;
        if (await connection.SendAsync($"RCPT TO:<{to}>", cancel) is { IsDone: false } recipient)
            return Refused(recipient);
        Stage = SmtpStage.Content;
        if (await connection.SendAsync("DATA", cancel) is { IsHalfway: false } content)
            return Refused(content);
        var reply = await connection.SendContentAsync(message, cancel);
        return reply.IsDone ? DeliveryResult.Of(DeliveryReason.Accepted, $"{server.Host}: {reply}") : Refused(reply);
    }

    private DeliveryResult Refused(SmtpReply reply) => Failed(SmtpAnswer.Of(Stage, reply), reply.ToString());

    private DeliveryResult Failed(DeliveryReason reason, string why) => DeliveryResult.Of(reason, $"{server.Host}: {Stage.Name()}: {OneLine.Of(why, 300)}");

    // A name that others can look up, or the address itself: both are what RFC 5321 asks for, and a bare machine name is not.
    private static string HelloName(IPAddress? self)
    {
        var name = Dns.GetHostName();
        if (name.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(name) == UriHostNameType.Dns)
            return name;
        var address = (self ?? IPAddress.Loopback) is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : self ?? IPAddress.Loopback;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]" : $"[{address}]";
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
