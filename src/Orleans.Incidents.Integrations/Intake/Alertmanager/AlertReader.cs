using System.Text.Json;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;
using NodaTime;

namespace Incidents.Integrations.Intake.Alertmanager;

/// <summary>
/// Reads one alert object straight from the bytes: this is the hot path. Strict is the API's own type check, where one
/// wrong type spoils the request; lenient is for webhooks, where a wrong type costs at most the field.
/// </summary>
internal ref struct AlertReader(ReadOnlySpan<byte> body, bool strict)
{
    private readonly ReadOnlySpan<byte> _body = body;

    /// <summary>Reads the object at the reader and leaves the reader on its end.</summary>
    public readonly AlertFields Read(ref Utf8JsonReader reader)
    {
        var fields = default(AlertFields);
        var start = reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.NameOf(ref reader);
            reader.Read();
            ReadField(ref reader, name, ref fields);
        }

        fields.Size = (int)(reader.BytesConsumed - start);
        return fields;
    }

    private readonly void ReadField(ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> name, ref AlertFields fields)
    {
        if (name.SequenceEqual("labels"u8))
            fields.Labels = ReadLabels(ref reader, "labels", LabelRole.Labels, ref fields);
        else if (name.SequenceEqual("annotations"u8))
            fields.Annotations = ReadLabels(ref reader, "annotations", LabelRole.Annotations, ref fields);
        else if (name.SequenceEqual("startsAt"u8))
            fields.StartsAt = ReadTime(ref reader, "startsAt", ref fields);
        else if (name.SequenceEqual("endsAt"u8))
            fields.EndsAt = ReadTime(ref reader, "endsAt", ref fields);
        else if (name.SequenceEqual("generatorURL"u8))
            fields.Generator = ReadGenerator(ref reader, ref fields);
        else if (!strict && name.SequenceEqual("status"u8))
            fields.Status = ReadString(ref reader);
        else if (!strict && name.SequenceEqual("fingerprint"u8))
            fields.Fingerprint = ReadString(ref reader);
        else
            reader.Skip();
    }

    private readonly LabelSet? ReadLabels(ref Utf8JsonReader reader, string field, LabelRole role, ref AlertFields fields)
    {
        var set = LabelReader.Read(ref reader, _body, field, role, strict, out var trouble);
        fields.Report(trouble);
        return set;
    }

    private readonly Instant? ReadTime(ref Utf8JsonReader reader, string field, ref AlertFields fields)
    {
        var text = ReadString(ref reader);
        var time = Rfc3339.Read(text);
        if (strict && time is null && reader.TokenType != JsonTokenType.Null && !(reader.TokenType == JsonTokenType.String && text.IsEmpty))
            fields.Report(new Trouble(Reason.WrongType, $"{field} must be an RFC 3339 time"));
        return time == Rfc3339.Zero ? null : time;
    }

    private readonly Generator? ReadGenerator(ref Utf8JsonReader reader, ref AlertFields fields)
    {
        if (reader.TokenType == JsonTokenType.String)
            return Generator.Read(reader.ValueSpan);
        if (strict && reader.TokenType != JsonTokenType.Null)
            fields.Report(new Trouble(Reason.WrongType, "generatorURL must be a string"));
        reader.Skip();
        return null;
    }

    // What is not a string reads as an empty one.
    private static ReadOnlySpan<byte> ReadString(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.ValueSpan;
        reader.Skip();
        return default;
    }
}
