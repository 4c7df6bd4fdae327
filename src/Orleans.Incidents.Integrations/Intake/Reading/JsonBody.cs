using System.Text.Json;
using Incidents.Audit;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>Reads a parsed body. A delegate, because the context is passed by reference.</summary>
internal delegate Translation JsonReading(JsonValue root, in IntakeContext context);

/// <summary>The bounds that are the same for every JSON body, and what is said about one that is not JSON.</summary>
internal static class JsonBody
{
    /// <summary>Bounded depth, no comments, no trailing commas.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = IntakeLimits.MaxDepth };

    /// <summary>The body without the byte order mark that some senders put before it.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body["\uFEFF"u8.Length..] : body;

    /// <summary>Whether there is nothing but blanks.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> body) => body.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Parses the body and reads it; a body that is not JSON is refused as a whole.</summary>
    public static Translation Read(ReadOnlyMemory<byte> body, in IntakeContext context, JsonReading read)
    {
        body = WithoutMark(body);
        try
        {
            using var document = Parse(body);
            return read(new JsonValue(document.RootElement), context);
        }
        catch (JsonException e)
        {
            return NotJson(body.Span, e);
        }
    }

    /// <summary>Parses JSON that is a part of a body and reads it; says what is wrong with what is not JSON.</summary>
    public static Trouble? Visit(ReadOnlyMemory<byte> json, Action<JsonValue> read)
    {
        json = WithoutMark(json);
        try
        {
            using var document = Parse(json);
            read(new JsonValue(document.RootElement));
            return null;
        }
        catch (JsonException e)
        {
            var refusal = NotJson(json.Span, e).Refused[0];
            return new Trouble(refusal.Reason, refusal.Detail);
        }
    }

    /// <summary>The refusal of a body that no reader with <see cref="Options"/> could read to its end.</summary>
    public static Translation NotJson(ReadOnlySpan<byte> body, JsonException e) =>
        IsBlank(body) ? Translation.Nothing(Reason.Malformed, "the body is empty")
        : IsTooDeep(body) ? Translation.Nothing(Reason.TooDeep, $"the body nests deeper than {IntakeLimits.MaxDepth} levels")
        : Translation.Nothing(Reason.Malformed, $"the body is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");

    private static JsonDocument Parse(ReadOnlyMemory<byte> json) =>
        JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = IntakeLimits.MaxDepth });

    // The reader reports depth by the same exception as bad syntax: a second reader without that bound tells them apart.
    private static bool IsTooDeep(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= IntakeLimits.MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    return true;
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }
}
