namespace Incidents.Integrations.Intake.CloudEvents;

/// <summary>The content modes of the HTTP protocol binding.</summary>
internal enum ContentMode
{
    /// <summary>The attributes are headers, the body is the data.</summary>
    Binary,

    /// <summary>The body is one event.</summary>
    Structured,

    /// <summary>The body is an array of events.</summary>
    Batch,
}

/// <summary>Media types as they decide how something is read.</summary>
internal static class MediaType
{
    /// <summary>One event in the JSON format.</summary>
    public const string Event = "application/cloudevents+json";

    /// <summary>Several events in the JSON format.</summary>
    public const string EventBatch = "application/cloudevents-batch+json";

    private const string AnyEventFormat = "application/cloudevents";

    /// <summary>The media type of a Content-Type in lower case, without its parameters; empty when there is none.</summary>
    public static string Of(string? contentType)
    {
        var end = contentType?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        return (end < 0 ? contentType ?? "" : contentType![..end]).Trim().ToLowerInvariant();
    }

    /// <summary>Whether it declares JSON: the subtype is <c>json</c> or ends with <c>+json</c>.</summary>
    public static bool IsJson(string mediaType)
    {
        var subtype = mediaType.AsSpan(mediaType.IndexOf('/', StringComparison.Ordinal) + 1);
        return subtype.Length < mediaType.Length && (subtype is "json" || subtype.EndsWith("+json"));
    }

    /// <summary>Whether it declares text that a person can read.</summary>
    public static bool IsText(string mediaType) =>
        mediaType.StartsWith("text/", StringComparison.Ordinal) || mediaType is "application/xml" || mediaType.EndsWith("+xml", StringComparison.Ordinal);

    /// <summary>
    /// The mode that the media type of a request decides; <see langword="null"/> for an event format that is not read here.
    /// </summary>
    public static ContentMode? Mode(string mediaType) => mediaType switch
    {
        Event => ContentMode.Structured,
        EventBatch => ContentMode.Batch,
        _ => mediaType.StartsWith(AnyEventFormat, StringComparison.Ordinal) ? null : ContentMode.Binary,
    };
}
