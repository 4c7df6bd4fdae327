using System.Text.Json;
using System.Text.Json.Serialization;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Engine.Codec;

/// <summary>Instants as whole nanoseconds since 1970-01-01T00:00Z; outside of 1677 to 2262 they are refused at intake.</summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NodaConstants.UnixEpoch + Duration.FromNanoseconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Nanoseconds(value));

    /// <summary>Clamped, because a sender may claim any year and a wrong clock must not cost it its alert.</summary>
    public static long Nanoseconds(Instant value)
    {
        var whole = (value - NodaConstants.UnixEpoch).ToBigIntegerNanoseconds();
        return whole > long.MaxValue ? long.MaxValue : whole < long.MinValue ? long.MinValue : (long)whole;
    }
}

/// <summary>Durations as whole nanoseconds.</summary>
internal sealed class DurationConverter : JsonConverter<Duration>
{
    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Duration.FromNanoseconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToInt64Nanoseconds());
}

/// <summary>A command that another payload holds: its stable name and its own stored form.</summary>
internal sealed class CommandConverter : JsonConverter<ICommand>
{
    public override ICommand Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var content = JsonSerializer.SerializeToUtf8Bytes(json.RootElement.GetProperty("content"), PayloadContext.Default.JsonElement);
        return (ICommand)Payloads.Read(json.RootElement.GetProperty("type").GetString()!, content);
    }

    public override void Write(Utf8JsonWriter writer, ICommand value, JsonSerializerOptions options)
    {
        var (type, content) = Payloads.Write(value);
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WritePropertyName("content");
        writer.WriteRawValue(content);
        writer.WriteEndObject();
    }
}

/// <summary>Streams by their text form.</summary>
internal sealed class StreamIdConverter : JsonConverter<StreamId>
{
    public override StreamId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        StreamId.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, StreamId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override StreamId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        StreamId.Parse(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, StreamId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}

/// <summary>Label sets as objects, sorted by name.</summary>
internal sealed class LabelSetConverter : JsonConverter<LabelSet>
{
    public override LabelSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            pairs.Add(new(name, reader.GetString()!));
        }

        return LabelSet.Of(pairs);
    }

    public override void Write(Utf8JsonWriter writer, LabelSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value)
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }
}

/// <summary>A group's members as an array in order of their places.</summary>
internal sealed class MemberListConverter : JsonConverter<MemberList>
{
    public override MemberList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var members = default(MemberList);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            members = members.Add(JsonSerializer.Deserialize(ref reader, SnapshotContext.Default.Member)!);
        return members;
    }

    public override void Write(Utf8JsonWriter writer, MemberList value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var member in value)
            JsonSerializer.Serialize(writer, member, SnapshotContext.Default.Member);
        writer.WriteEndArray();
    }
}
