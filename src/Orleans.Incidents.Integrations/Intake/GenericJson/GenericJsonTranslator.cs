using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.GenericJson;

/// <summary>
/// Our own format, for whatever can post JSON: one object, an array of them, or <c>{"alerts":[…]}</c>. Only the
/// title is required, and that not to end what has a key. With a <c>dedup_key</c> the sender decides what is the same problem; without, the labels and the
/// title do. What is not known is kept as an annotation.
/// </summary>
/// <example><code>
/// {"action":"trigger","dedup_key":"disk-17","title":"Disk full","severity":"critical","service":"db","source":"cron",
///  "labels":{"host":"db1"},"annotations":{"free":"1 %"},"links":[{"href":"https://…","text":"Runbook"}],
///  "started_at":"2026-01-01T00:00:00Z","ended_at":null}
/// </code></example>
public sealed class GenericJsonTranslator : ITranslator
{
    /// <inheritdoc/>
    public string Format => "generic-json";

    /// <inheritdoc/>
    public Translation Translate(ReadOnlyMemory<byte> body, in IntakeContext context) => JsonBody.Read(body, context, ReadBody);

    private static Translation ReadBody(JsonValue root, in IntakeContext context)
    {
        if (!root.IsObject && !root.IsArray)
            return Translation.Nothing(Reason.WrongType, "the body must be an object or an array of objects");
        var builder = new TranslationBuilder();
        foreach (var item in AlertsOf(root))
        {
            if (builder.Next())
                ReadAlert(item, builder);
        }

        return builder.Build();
    }

    private static IEnumerable<JsonValue> AlertsOf(JsonValue root)
    {
        if (root.IsArray)
            return root.Items;
        var alerts = new JsonFields(root).Take("alerts");
        return alerts.IsArray ? alerts.Items : [root];
    }

    private static void ReadAlert(JsonValue item, TranslationBuilder builder)
    {
        if (!item.IsObject)
        {
            builder.Refuse(Reason.WrongType, "an alert must be an object");
            return;
        }

        var fields = new JsonFields(item);
        var action = GenericWords.Read(fields.TakeWords("action", "status"));
        var alert = new GenericAlert(fields);
        if (action is null)
            builder.Refuse(Reason.InvalidValue, "action must be trigger, acknowledge or resolve");
        else if (alert.Title is null && (action == AlertAction.Trigger || alert.Key is null))
            builder.Refuse(Reason.MissingField, "title is missing or blank");
        else if (alert.Problem is { } problem)
            builder.Refuse(Reason.TooLarge, problem);
        else
            builder.Accept(alert.Make(action.Value, alert.Title ?? Titles.OneLine(alert.Key) ?? "no title"));
    }
}
