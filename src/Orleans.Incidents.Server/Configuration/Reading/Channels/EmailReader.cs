using System.Globalization;
using System.Net;
using Incidents.Delivery;
using Incidents.Integrations.Delivery.Email;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads <c>email</c>: the mail server that contacts by email are paged through.</summary>
internal static class EmailReader
{
    public static EmailServer Read(Value value, SecretReader secrets)
    {
        var fields = value.Fields(Shapes.Email);
        var tls = fields["tls"] is { } named ? Security(named) : EmailSecurity.StartTls;
        var server = new EmailServer(
            fields["host"] is { } host ? Host(host) : "",
            fields["port"] is { } port ? Port(port) : DefaultPort(tls),
            tls ?? default,
            fields["from"] is { } from ? Address(from) : "",
            fields["username"]?.Text(),
            secrets.Reference(fields["password"]));
        if (fields["username"] is null != fields["password"] is null)
            fields.Missing(fields["username"] is null ? "username" : "password", "is required: a user name and a password go together");
        if (tls == EmailSecurity.None && fields["password"] is { } open && !IsHere(server.Host))
            open.Error("would go over the network in clear text; use tls starttls or implicit");
        return server;
    }

    /// <summary>An address of the form that mail is sent to; it is not a secret, and is repeated.</summary>
    public static string Address(Value value)
    {
        if (value.Text() is not { } text)
            return "";
        if (!EmailAddress.IsValid(text))
            value.Error($"expected an address such as name@example.com, found {ErrorList.Quote(text)}");
        return text;
    }

    /// <summary>Where each form of protection is usually spoken.</summary>
    public static int DefaultPort(EmailSecurity? tls) => tls switch
    {
        EmailSecurity.None => 25,
        EmailSecurity.Implicit => 465,
        _ => 587,
    };

    private static EmailSecurity? Security(Value value)
    {
        switch (value.Text())
        {
            case null:
                return null;
            case "none":
                return EmailSecurity.None;
            case "starttls":
                return EmailSecurity.StartTls;
            case "implicit":
                return EmailSecurity.Implicit;
            case var other:
                value.Error($"expected none, starttls or implicit, found {ErrorList.Quote(other)}");
                return null;
        }
    }

    private static string Host(Value value)
    {
        if (value.Text() is not { } text)
            return "";
        if (Uri.CheckHostName(text) == UriHostNameType.Unknown)
            value.Error($"expected a host name or an IP address, found {ErrorList.Quote(text)}");
        return text;
    }

    private static int Port(Value value)
    {
        if (value.Text() is not { } text)
            return 0;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue)
            return port;
        value.Error($"expected a port from 1 to 65535, found {ErrorList.Quote(text)}");
        return 0;
    }

    private static bool IsHere(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
