using Incidents.Responders;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads one of <c>responders</c>.</summary>
internal static class ResponderReader
{
    public static ResponderDefinition Read(string id, Value value, SecretReader secrets, bool hasEmail)
    {
        var fields = value.Fields(Shapes.Responder);
        return new ResponderDefinition(
            id,
            fields["name"]?.Text() ?? id,
            [.. (fields["contacts"]?.Items() ?? []).Select(c => ReadContact(c, secrets, hasEmail))]);
    }

    private static Contact ReadContact(Value value, SecretReader secrets, bool hasEmail)
    {
        var fields = value.Fields(Shapes.Contact);
        var channel = fields["channel"]?.Text() ?? "";
        switch (channel)
        {
            case "webhook":
                Require(fields, "url", "is required for a webhook");
                Refuse(fields, "does not apply to a webhook", "address");
                break;
            case "email":
                Require(fields, "address", "is required for email");
                Refuse(fields, "does not apply to email", "url", "secret");
                if (!hasEmail)
                    value.Errors.Add(value.KeyAt, value.Path, "a contact by email needs the section email, which names the mail server");
                break;
            case "console":
                Refuse(fields, "does not apply to the console", "url", "address", "secret");
                break;
            case not "":
                fields["channel"]?.Error($"expected webhook, email or console, found {ErrorList.Quote(channel)}");
                break;
        }

        var (url, address) = (fields["url"]?.Url(), fields["address"] is { } mail ? EmailReader.Address(mail) : null);
        return new Contact(channel, url ?? address ?? "", secrets.SigningSecret(fields["secret"]));
    }

    private static void Require(Fields fields, string key, string why)
    {
        if (fields[key] is null)
            fields.Missing(key, why);
    }

    private static void Refuse(Fields fields, string why, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            fields[key]?.Error(why);
    }
}
