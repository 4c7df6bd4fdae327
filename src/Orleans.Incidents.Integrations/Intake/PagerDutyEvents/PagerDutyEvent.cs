using Incidents.Alerts;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.PagerDutyEvents;

/// <summary>The fields of one event, taken from its body; unknown ones stay for the annotations.</summary>
internal sealed class PagerDutyEvent
{
    private static readonly string[] PayloadFields = ["summary", "source", "severity", "timestamp", "component", "group", "class"];

    private readonly Dictionary<string, string> _payload = [];

    /// <summary>Takes the fields.</summary>
    public PagerDutyEvent(JsonValue root)
    {
        Top = new JsonFields(root);
        RoutingKey = Top.TakeWords("routing_key");
        EventAction = Top.TakeWords("event_action");
        DedupKey = Top.TakeWords("dedup_key");
        Client = Top.TakeWords("client");
        var payload = Top.Take("payload");
        HasPayload = payload.IsObject;
        Payload = new JsonFields(payload);
        foreach (var name in PayloadFields)
        {
            if (Payload.TakeWords(name) is { } words)
                _payload[name] = words;
        }
    }

    /// <summary>What is left of the event.</summary>
    public JsonFields Top { get; }

    /// <summary>What is left of its payload.</summary>
    public JsonFields Payload { get; }

    /// <summary>The credential.</summary>
    public string? RoutingKey { get; }

    /// <summary>The action in PagerDuty's word.</summary>
    public string? EventAction { get; }

    /// <summary>The sender's key.</summary>
    public string? DedupKey { get; }

    /// <summary>The name of the monitoring system.</summary>
    public string? Client { get; }

    /// <summary>Whether there is a payload, and it is an object.</summary>
    public bool HasPayload { get; }

    /// <summary>The action; <see langword="null"/> for an unknown word.</summary>
    public AlertAction? Action => EventAction switch
    {
        "trigger" => AlertAction.Trigger,
        "acknowledge" => AlertAction.Acknowledge,
        "resolve" => AlertAction.Resolve,
        _ => null,
    };

    /// <summary>A known field of the payload; <see langword="null"/> when it is missing or blank.</summary>
    public string? this[string field] => _payload.GetValueOrDefault(field);
}
