using System.Text.Json;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.PagerDutyEvents;

/// <summary>Finds the routing key of an event before it is translated: it is the credential.</summary>
public static class PagerDutyRoutingKey
{
    /// <summary>The number of characters of every routing key.</summary>
    public const int Length = 32;

    /// <summary>
    /// The <c>routing_key</c> of the body, of several the last, as the translator reads it; <see langword="null"/> when
    /// it is missing or blank or the body is not JSON. Its length is not checked: the translator reports it.
    /// </summary>
    public static string? Read(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(JsonBody.WithoutMark(body).Span, JsonBody.Options);
        try
        {
            string? key = null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKey = JsonText.NameOf(ref reader).SequenceEqual("routing_key"u8);
                reader.Read();
                if (isKey)
                    key = reader.TokenType == JsonTokenType.String ? JsonText.Decode(reader.ValueSpan) : null;
                reader.Skip();
            }

            // Reading on past the object finds what is not JSON behind it.
            reader.Read();
            return string.IsNullOrWhiteSpace(key) ? null : key;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
