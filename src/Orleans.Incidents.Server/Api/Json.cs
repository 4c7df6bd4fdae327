using System.Text.Json;
using System.Text.Json.Serialization;
using Incidents.Alerts;
using Incidents.Decisions;
using NodaTime;
using NodaTime.Text;

namespace Incidents.Server.Api;

/// <summary>How answers are written: camelCase, instants in ISO 8601 with Z, names in lower case.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } = Make(JsonNamingPolicy.CamelCase);

    /// <summary>Names as they stand, for answers whose form is another product's.</summary>
    public static JsonSerializerOptions Plain { get; } = Make(null);

    private static JsonSerializerOptions Make(JsonNamingPolicy? naming)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = naming,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        };
        Add(options);
        return options;
    }

    /// <summary>The converters of our own types.</summary>
    public static void Add(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new TextConverter<Instant>(i => InstantPattern.ExtendedIso.Format(i)));
        options.Converters.Add(new TextConverter<Duration>(d => Routing.DurationText.Format(d)));
        options.Converters.Add(new TextConverter<StreamId>(s => s.ToString()));
        options.Converters.Add(new LabelsConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }

    private sealed class TextConverter<T>(Func<T, string> text) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new JsonException("this is only written");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));
    }

    private sealed class LabelsConverter : JsonConverter<LabelSet>
    {
        public override LabelSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new JsonException("this is only written");

        public override void Write(Utf8JsonWriter writer, LabelSet value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (name, text) in value)
                writer.WriteString(name, text);
            writer.WriteEndObject();
        }
    }
}
