using System.Globalization;
using System.Text;
using System.Text.Json;
using Incidents.Server.Configuration;

namespace Incidents.Server.Logging;

/// <summary>One line of the log before it is written.</summary>
/// <param name="Fields">The line's own fields, without the template.</param>
/// <param name="Template">The sentence with its holes, which tells what it says already; may be empty.</param>
internal sealed record Line(
    DateTimeOffset At, LogLevel Level, EventId Event, string Logger, string Message, string Template, IReadOnlyList<KeyValuePair<string, object?>> Fields, Exception? Error);

/// <summary>How lines look: one each, whatever they hold. Absent fields are left out.</summary>
internal static class Lines
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Line line, LogFormat format) => format == LogFormat.Json ? WriteJson(line) : WriteText(line);

    private static string WriteText(Line line)
    {
        var text = new StringBuilder(160);
        text.Append(Moment(line.At)).Append(' ').Append(Level(line.Level)).Append(' ').Append(Name(line)).Append(": ").Append(OneLine(line.Message));
        foreach (var (name, value) in line.Fields)
        {
            if (value is not null && !line.Template.Contains($"{{{name}}}", StringComparison.Ordinal))
                text.Append(' ').Append(Camel(name)).Append('=').Append(OneLine(Convert.ToString(value, CultureInfo.InvariantCulture)!));
        }

        if (line.Error is { } error)
            text.Append(" | ").Append(OneLine(error.ToString()));
        return text.ToString();
    }

    private static string WriteJson(Line line)
    {
        using var bytes = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("time", Moment(line.At));
            json.WriteString("level", Level(line.Level));
            json.WriteString("event", Name(line));
            json.WriteNumber("id", line.Event.Id);
            json.WriteString("logger", line.Logger);
            json.WriteString("message", line.Message);
            foreach (var (name, value) in line.Fields)
                Field(json, Camel(name), value);
            if (line.Error is { } error)
                json.WriteString("error", error.ToString());
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Field(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: break;
            case int or long: json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            default: json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static string Name(Line line) => line.Event.Name is { Length: > 0 } name ? name : line.Logger;

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Level(LogLevel level) => level.ToString().ToLowerInvariant();

    private static string Camel(string name) => char.IsAsciiLetterUpper(name[0]) ? char.ToLowerInvariant(name[0]) + name[1..] : name;

    // A value must not be able to begin a line of its own.
    private static string OneLine(string text) => text.AsSpan().ContainsAnyInRange('\0', '\u001f')
        ? string.Create(text.Length, text, (to, from) => { for (var i = 0; i < to.Length; i++) to[i] = char.IsControl(from[i]) ? ' ' : from[i]; })
        : text;
}
