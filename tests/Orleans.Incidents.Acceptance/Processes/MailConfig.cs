using System.Globalization;

namespace Incidents.Acceptance.Processes;

/// <summary>A configuration in which people are reached by mail, through a mail server of the tests'.</summary>
internal static class MailConfig
{
    /// <summary>Everything pages one responder at one address; <c>both</c> has two contacts, <c>nobody</c> none.</summary>
    public static string Text(MailServer mail, string address, string more = "") => $$"""
        identities:
          olga: { kind: human, token: env:OPERATOR_TOKEN, expires: 2099-01-01 }
        responders:
          olga: { name: Olga, contacts: [{ channel: email, address: "{{address}}" }] }
          both: { contacts: [{ channel: email, address: "{{address}}" }, { channel: email, address: unknown@example.com }] }
          nobody: {}
        policies:
          calls: { steps: [{ targets: [olga], timeout: 1h }] }
        services:
          default: { policy: calls, opening_budget: 100000/1h burst 100000 }
        integrations:
          generic: { format: generic-json, token: env:GENERIC_TOKEN, sponsor: olga, expires: 2099-01-01 }
        email:
          host: 127.0.0.1
          port: {{mail.Port.ToString(CultureInfo.InvariantCulture)}}
          from: oncall@example.com
          {{(more.Length > 0 ? more : "tls: none")}}
        route:
          receiver: default
          group_by: [alertname]
        """;

    public static Task<ServerProcess> ServeAsync(Folder folder, MailServer mail, string address, string more = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        var all = new Dictionary<string, string>(TestConfig.Environment) { ["SMTP_PASSWORD"] = MailServer.Password };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            all[name] = value;
        return ServerProcess.StartAsync(folder.Data, folder.Write("incidents.yaml", Text(mail, address, more)), all);
    }
}
