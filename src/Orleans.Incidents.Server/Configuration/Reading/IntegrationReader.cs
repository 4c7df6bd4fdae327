using System.Collections.Immutable;
using Incidents.Alerts;
using Incidents.Identities;
using Incidents.Server.Configuration.Yaml;
using NodaTime;

namespace Incidents.Server.Configuration.Reading;

/// <summary>Reads one of <c>integrations</c>.</summary>
internal sealed class IntegrationReader(LoadContext context, SecretReader secrets, IdentityReader identities)
{
    /// <summary>PagerDuty's routing key is the integration's secret, and its own libraries check this length.</summary>
    private const int RoutingKeyLength = 32;

    private static readonly string[] OfTheIdentity = ["sponsor", "expires", "request_budget"];

    private static readonly Duration DefaultResolveTimeout = Duration.FromMinutes(5);

    public IntegrationDefinition Read(string id, Value value)
    {
        var fields = value.Fields(Shapes.Integration);
        var format = Format(fields["format"]);
        return new IntegrationDefinition(
            id,
            format,
            Identity(id, value, fields),
            fields["default_labels"] is { } labels ? LabelSet.Of(labels.Labels()) : LabelSet.Empty,
            fields["resolve_timeout"]?.Wait() ?? DefaultResolveTimeout,
            secrets.TokenHash(fields["token"], format == "pagerduty-events-v2" ? RoutingKeyLength : null) ?? "")
        {
            SeverityMap = SeverityMap(fields["severity_map"]),
            Heartbeat = HeartbeatReader.Read(format, fields),
        };
    }

    private string Format(Value? value)
    {
        if (value?.Text() is not { } format)
            return "";
        if (context.Formats.Contains(format))
            return format;
        var formats = new Names("format", "formats", [.. context.Formats.Order(StringComparer.Ordinal)]);
        var hint = Nearest.Find(format, formats.Known) is { } meant ? $"; did you mean \"{meant}\"?" : $" ({formats.List()})";
        value.Error($"unknown format {ErrorList.Quote(format)}{hint}");
        return format;
    }

    private string Identity(string id, Value value, Fields fields)
    {
        if (fields["identity"] is not { } identity)
            return identities.Imply(id, value, fields);
        foreach (var key in OfTheIdentity)
            fields[key]?.Error("belongs to the identity that this integration names");
        return identities.Names.Resolve(identity);
    }

    private static ImmutableSortedDictionary<string, Severity> SeverityMap(Value? value)
    {
        var map = IntegrationDefinition.NoSeverities.ToBuilder();
        foreach (var (word, severity) in value?.Entries() ?? [])
        {
            if (map.ContainsKey(word))
                severity.Errors.Add(severity.KeyAt, value!.Path, $"{ErrorList.Quote(word)} is here already; case makes no difference");
            map[word] = severity.Severity() ?? default;
        }

        return map.ToImmutable();
    }
}
