using Incidents.Responders;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads one of <c>responders</c>.</summary>
internal static class ResponderReader
{
    public static ResponderDefinition Read(string id, Value value, SecretReader secrets)
    {
        var fields = value.Fields(Shapes.Responder);
        return new ResponderDefinition(
            id,
            fields["name"]?.Text() ?? id,
            [.. (fields["contacts"]?.Items() ?? []).Select(c => ReadContact(c, secrets))]);
    }

    private static Contact ReadContact(Value value, SecretReader secrets)
    {
        var fields = value.Fields(Shapes.Contact);
        var channel = fields["channel"]?.Text() ?? "";
        switch (channel)
        {
            case "webhook" when fields["url"] is null:
                fields.Missing("url", "is required for a webhook");
                break;
            case "console":
                fields["url"]?.Error("does not apply to the console");
                fields["secret"]?.Error("does not apply to the console");
                break;
            case not ("webhook" or ""):
                fields["channel"]?.Error($"expected webhook or console, found {ErrorList.Quote(channel)}");
                break;
        }

        return new Contact(channel, fields["url"]?.Url() ?? "", secrets.SigningSecret(fields["secret"]));
    }
}
