using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.CloudEvents;

/// <summary>
/// CloudEvents 1.0 over HTTP. The Content-Type decides the content mode, as the protocol binding says; the format's name
/// decides only where a request has neither a Content-Type nor an attribute among its headers. An event whose data says
/// nothing of an alert is understood and opens nothing.
/// </summary>
/// <example><code>
/// {"specversion":"1.0","id":"A-17","source":"/disks","type":"com.example.disk.triggered","subject":"db1",
///  "time":"2026-01-01T00:00:00Z","data":{"title":"Disk full","severity":"critical","labels":{"mount":"/"}}}
/// </code></example>
public sealed class CloudEventsTranslator(string format) : ITranslator
{
    /// <summary>Attributes in headers, data in the body.</summary>
    public const string Binary = "cloudevents-binary";

    /// <summary>One event in JSON.</summary>
    public const string Structured = "cloudevents-structured";

    /// <summary>An array of events in JSON.</summary>
    public const string Batch = "cloudevents-batch";

    private readonly ContentMode _fallback = format switch
    {
        Structured => ContentMode.Structured,
        Batch => ContentMode.Batch,
        _ => ContentMode.Binary,
    };

    /// <inheritdoc/>
    public string Format => format;

    /// <inheritdoc/>
    public Translation Translate(ReadOnlyMemory<byte> body, in IntakeContext context)
    {
        var version = context.Header("ce-specversion");
        var type = MediaType.Of(context.Header("Content-Type"));
        if (MediaType.Mode(type) is not { } mode)
            return Translation.Nothing(Reason.InvalidValue, $"events in the format of {Titles.Quoted(type)} are not read: send {MediaType.Event} or {MediaType.EventBatch}");
        if (type.Length == 0 && version is null)
            mode = _fallback;
        if (mode != ContentMode.Binary)
            return JsonBody.Read(body, context, mode == ContentMode.Batch ? ReadBatch : ReadOne);
        if (version is null)
            return Translation.Nothing(Reason.MissingField, $"not a CloudEvent: the Content-Type is neither {MediaType.Event} nor {MediaType.EventBatch}, and there is no ce-specversion header");
        var reader = new EventReader();
        reader.ReadBinary(body, context);
        return reader.Build();
    }

    private static Translation ReadOne(JsonValue root, in IntakeContext context)
    {
        if (!root.IsObject)
            return Translation.Nothing(Reason.WrongType, "the body must be an object, one event; for an array send " + MediaType.EventBatch);
        var reader = new EventReader();
        reader.ReadStructured(root);
        return reader.Build();
    }

    private static Translation ReadBatch(JsonValue root, in IntakeContext context)
    {
        if (!root.IsArray)
            return Translation.Nothing(Reason.WrongType, "the body must be an array of events; for one alone send " + MediaType.Event);
        var reader = new EventReader();
        foreach (var item in root.Items)
            reader.ReadStructured(item);
        return reader.Build();
    }
}
