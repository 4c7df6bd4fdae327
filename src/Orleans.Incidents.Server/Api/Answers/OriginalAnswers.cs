using System.Text.Json.Serialization;
using Incidents.Server.Api.Description;

namespace Incidents.Server.Api.Answers;

/// <summary>PagerDuty's answer to an accepted event.</summary>
internal sealed record PagerDutyAnswer(
    [property: JsonPropertyName("status")] string Status, [property: JsonPropertyName("message")] string Message, [property: JsonPropertyName("dedup_key")] string DedupKey) : IShown<PagerDutyAnswer>
{
    public static PagerDutyAnswer Example { get; } = new("success", "Event processed", "disk-db-1");
}

/// <summary>PagerDuty's answer to an event that it does not take.</summary>
internal sealed record PagerDutyInvalid(
    [property: JsonPropertyName("status")] string Status, [property: JsonPropertyName("message")] string Message, [property: JsonPropertyName("errors")] IReadOnlyList<string> Errors) : IShown<PagerDutyInvalid>
{
    public static PagerDutyInvalid Example { get; } = new("invalid event", "Event object is invalid", ["'routing_key' is missing or blank"]);
}

/// <summary>A PagerDuty event, version 2.</summary>
internal sealed record PagerDutyBody(
    [property: JsonPropertyName("routing_key")] string RoutingKey, [property: JsonPropertyName("event_action")] string Action, [property: JsonPropertyName("dedup_key")] string? DedupKey,
    [property: JsonPropertyName("payload")] PagerDutyPayload? Payload) : IShown<PagerDutyBody>
{
    public static PagerDutyBody Example { get; } = new("0123456789abcdef0123456789abcdef", "trigger", "disk-db-1", new PagerDutyPayload("Disk full on db-1", "db-1", "critical"));
}

/// <summary>What a PagerDuty event says.</summary>
internal sealed record PagerDutyPayload(
    [property: JsonPropertyName("summary")] string Summary, [property: JsonPropertyName("source")] string Source, [property: JsonPropertyName("severity")] string Severity);

/// <summary>Alertmanager's answer to a body that its schema does not allow.</summary>
internal sealed record AlertmanagerInvalid([property: JsonPropertyName("code")] int Code, [property: JsonPropertyName("message")] string Message) : IShown<AlertmanagerInvalid>
{
    public static AlertmanagerInvalid Example { get; } = new(601, "alerts.0.labels in body is required");
}

/// <summary>Alerts as Prometheus sends them.</summary>
internal sealed class AlertmanagerBody : List<AlertmanagerAlertBody>, IShown<AlertmanagerBody>
{
    public static AlertmanagerBody Example { get; } = [new AlertmanagerAlertBody(new Dictionary<string, string> { ["alertname"] = "DiskFull", ["instance"] = "db-1" }, null, null, null, null)];
}

/// <summary>One alert as Prometheus sends it.</summary>
internal sealed record AlertmanagerAlertBody(
    [property: JsonPropertyName("labels")] IReadOnlyDictionary<string, string> Labels, [property: JsonPropertyName("annotations")] IReadOnlyDictionary<string, string>? Annotations,
    [property: JsonPropertyName("startsAt")] DateTimeOffset? StartsAt, [property: JsonPropertyName("endsAt")] DateTimeOffset? EndsAt, [property: JsonPropertyName("generatorURL")] string? GeneratorUrl);
