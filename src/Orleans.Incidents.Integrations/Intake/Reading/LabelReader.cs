using System.Text.Json;
using Incidents.Alerts;
using Incidents.Audit;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>Why an alert, or in a strict format its whole request, cannot be accepted.</summary>
internal sealed record Trouble(Reason Reason, string Detail);

/// <summary>
/// Reads a JSON object of labels straight from the bytes. Labels go through the cache, because every rule asks for them again;
/// annotations do not: of an alert that is sent again nobody reads them.
/// </summary>
internal static class LabelReader
{
    /// <summary>
    /// Reads the value at the reader and leaves the reader on its last token. <see langword="null"/> when the value is
    /// null, or with a trouble.
    /// </summary>
    /// <param name="reader">Stands on the value's first token.</param>
    /// <param name="body">The bytes that the reader reads.</param>
    /// <param name="field">The field's name, for a person.</param>
    /// <param name="role">Labels or annotations.</param>
    /// <param name="stringsOnly">Whether a value other than a string or null is a trouble; else it becomes text.</param>
    /// <param name="trouble">A wrong type or a broken limit.</param>
    public static LabelSet? Read(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> body, string field, LabelRole role, bool stringsOnly, out Trouble? trouble)
    {
        trouble = null;
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            trouble = new Trouble(Reason.WrongType, $"{field} must be an object of strings");
            return null;
        }

        var inside = reader;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var json = body[start..(int)reader.BytesConsumed];
        var hash = 0;
        if (role == LabelRole.Labels && LabelSetCache.Find(json, out hash) is { } known)
            return known;
        var collector = new LabelCollector(role);
        var allStrings = Collect(ref inside, body, collector);
        if (stringsOnly && !allStrings)
            trouble = new Trouble(Reason.WrongType, $"{field}: every value must be a string");
        else if (collector.Problem is { } problem)
            trouble = new Trouble(Reason.TooLarge, problem);
        else
            return Keep(json, hash, collector.Build(), role == LabelRole.Labels && allStrings);
        return null;
    }

    // Only what also a strict reading accepts is kept, because both kinds of reading share the cache.
    private static LabelSet Keep(ReadOnlySpan<byte> json, int hash, LabelSet set, bool keep)
    {
        if (keep)
            LabelSetCache.Offer(json, hash, set);
        return set;
    }

    // False when a value is neither a string nor null.
    private static bool Collect(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, LabelCollector into)
    {
        var strings = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Pooled(reader.ValueSpan);
            reader.Read();
            strings &= reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
            into.Add(name, TextOf(ref reader, body));
        }

        return strings;
    }

    private static string? TextOf(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType == JsonTokenType.String)
            return JsonText.Pooled(reader.ValueSpan);
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return JsonText.Source(body[start..(int)reader.BytesConsumed]);
    }
}
