using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Incidents.Delivery;
using Incidents.Engine.Delivery;
using Incidents.Responders;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>
/// One page as a mail (RFC 5322), text alone. Pure: the same page from the same address makes the same bytes, and its
/// Message-ID follows from the page's id, so that a mailbox recognises a repeat. Mails of one incident are one thread.
/// </summary>
internal static class EmailMessage
{
    /// <summary>The mail, ASCII throughout, its lines ended by CR LF.</summary>
    public static byte[] Make(Notification n, EmailServer server)
    {
        var domain = EmailAddress.Domain(server.From);
        var mail = new StringBuilder(1024);
        Add(mail, "From", server.From);
        Add(mail, "To", n.Address);
        Add(mail, "Subject", EmailText.Subject(n.Page));
        Add(mail, "Date", n.Page.At.ToDateTimeUtc().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Add(mail, "Message-ID", Id(n.Id, domain));
        if (!TestRules.IsTest(n.Id))
        {
            // Nobody ever sent the thread's beginning: it is only what all mails of the incident have in common.
            Add(mail, "In-Reply-To", Id($"incident.{n.Page.Incident}", domain));
            Add(mail, "References", Id($"incident.{n.Page.Incident}", domain));
        }

        Add(mail, "Auto-Submitted", "auto-generated");
        Add(mail, "X-Incidents-Page", n.Id);
        Add(mail, "MIME-Version", "1.0");
        Add(mail, "Content-Type", "text/plain; charset=utf-8");
        Add(mail, "Content-Transfer-Encoding", "quoted-printable");
        mail.Append("\r\n").Append(QuotedPrintable.Encode(EmailText.Body(n.Page)));
        return Encoding.ASCII.GetBytes(mail.ToString());
    }

    /// <summary>The id where it can stand in a Message-ID as it is; else <c>page.</c> and its SHA-256, which is as stable.</summary>
    private static string Id(string id, string domain) => EmailAddress.IsDotAtom(id)
        ? $"<{id}@{domain}>"
        : $"<page.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}@{domain}>";

    // The only way into the header.
    private static void Add(StringBuilder mail, string name, string text) => mail.Append(name).Append(": ").Append(HeaderText.Encode(text)).Append("\r\n");
}
