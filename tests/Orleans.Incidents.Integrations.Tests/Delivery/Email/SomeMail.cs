using Incidents.Alerts;
using Incidents.Delivery;
using Incidents.Engine.Delivery;
using Incidents.Integrations.Delivery;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Integrations.Tests.Delivery.Email;

/// <summary>A page to somebody by mail, and the server that it goes through.</summary>
internal static class SomeMail
{
    public const string Incident = "01JQ8ZK3VN5T7X9B2D4F6H8J0M";

    public static EmailServer Server(int port = 25, EmailSecurity tls = EmailSecurity.None, string host = "127.0.0.1") => new(host, port, tls, "oncall@example.com", null, null);

    public static Notification To(string address, string title = "Disk full on db-1", string? page = null, string responder = "alice")
    {
        var id = page ?? $"{Incident}-0-0-{responder}-0";
        var isTest = TestRules.IsTest(id);
        var content = new PageContent(
            id, isTest ? "" : Incident, isTest ? "" : "checkout", title, Severity.Critical, 1, 0, responder, new Contact("email", address, null), 1, Instant.FromUtc(2026, 3, 1, 12, 0, 5));
        return new Notification(id, "email", address, null, $"[critical] {title}", "application/json", "{}"u8.ToArray(), content);
    }

    /// <summary>Secrets by name; what is not known is missing.</summary>
    public sealed class Secrets(string password = "right password") : ISecretReader
    {
        public SecretLookup Read(string reference) => reference == "env:PASSWORD" ? SecretLookup.Found(password) : SecretLookup.Missing($"{reference} is absent or empty");
    }
}
