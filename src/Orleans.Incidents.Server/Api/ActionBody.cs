using System.Globalization;
using System.Text.Json;
using Incidents.Audit;

namespace Incidents.Server.Api;

/// <summary>What an action may be given; most need nothing.</summary>
internal sealed record ActionBody(string? Severity, string? Text)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>The body of a request; <see langword="null"/> when it is empty.</summary>
    public static async Task<ActionBody?> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBytes)
            throw new RefusedException(Reason.TooLarge, "the body is larger than 64 KiB");
        using var bytes = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes)
                throw new RefusedException(Reason.TooLarge, "the body is larger than 64 KiB");
        }

        return bytes.Length == 0 ? null : Parse(bytes.ToArray());
    }

    private static ActionBody Parse(byte[] utf8)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 8 });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new ActionBody(Member(json.RootElement, "severity"), Member(json.RootElement, "text"))
                : throw new RefusedException(Reason.WrongType, "the body must be a JSON object");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair or bytes that are no UTF-8, in a name or in a value: JSON by its grammar, and no text.
            throw new RefusedException(Reason.Malformed, "the body is not Unicode text");
        }
        catch (JsonException)
        {
            throw new RefusedException(Reason.Malformed, "the body is not JSON");
        }
    }

    private static string? Member(JsonElement body, string name) => !body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new RefusedException(Reason.WrongType, $"{name} must be a text");
}

/// <summary>
/// An incident's version as an entity tag (RFC 9110): a reader gets it as <c>ETag</c>, and whoever sends it back as <c>If-Match</c>
/// acts on what they saw or not at all.
/// </summary>
internal static class Preconditions
{
    /// <summary>The tag of a version.</summary>
    public static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The version that a request acts on; <see langword="null"/>: it names none, or <c>*</c>.</summary>
    /// <exception cref="RefusedException">The header names anything but one version.</exception>
    public static long? Seen(HttpRequest request)
    {
        var given = request.Headers.IfMatch;
        if (given.Count == 0 || given is ["*"])
            return null;

        // Not by the framework's own parser: "W/" and blanks make it read behind the end.
        return given is [{ } text] && text.AsSpan().Trim(" \t") is ['"', .. var digits, '"'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new RefusedException(Reason.InvalidValue, "If-Match is the ETag that the incident was read with, such as \"7\", or *");
    }
}
