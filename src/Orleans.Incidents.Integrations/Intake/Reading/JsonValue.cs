using System.Runtime.InteropServices;
using System.Text.Json;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>
/// A value of a parsed body, read without exceptions: what is absent or of another type reads as nothing, and text that
/// is not Unicode is repaired. Valid inside <see cref="JsonBody.Read"/> only.
/// </summary>
internal readonly struct JsonValue(JsonElement element)
{
    /// <summary>Whether there is no value, or null.</summary>
    public bool IsAbsent => element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>A value that is a string.</summary>
    public static JsonValue Of(string text) => new(JsonSerializer.SerializeToElement(text));

    /// <summary>Whether it is a string.</summary>
    public bool IsText => element.ValueKind == JsonValueKind.String;

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    /// <summary>Whether it is an array.</summary>
    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    /// <summary>A string's text, or a number or boolean as it is written; <see langword="null"/> for all else.</summary>
    public string? Text => element.ValueKind switch
    {
        JsonValueKind.String => JsonText.Decode(JsonMarshal.GetRawUtf8Value(element)[1..^1]),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => JsonText.Source(JsonMarshal.GetRawUtf8Value(element)),
        _ => null,
    };

    /// <summary><see cref="Text"/>, or <see langword="null"/> where it is blank.</summary>
    public string? Words => Text is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>Any value as text: an object or array as its JSON; the empty text where it is absent.</summary>
    public string Flat => IsAbsent ? "" : Text ?? JsonText.Source(JsonMarshal.GetRawUtf8Value(element));

    /// <summary>The items of an array, else none.</summary>
    public IEnumerable<JsonValue> Items => IsArray ? element.EnumerateArray().Select(e => new JsonValue(e)) : [];

    /// <summary>The members of an object in their order, else none. A name may occur twice.</summary>
    public IEnumerable<KeyValuePair<string, JsonValue>> Members =>
        IsObject ? element.EnumerateObject().Select(p => KeyValuePair.Create(NameOf(p), new JsonValue(p.Value))) : [];

    private static string NameOf(JsonProperty property) => JsonText.Decode(JsonMarshal.GetRawUtf8PropertyName(property));
}
