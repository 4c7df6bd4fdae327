using System.Text;
using System.Text.Json;
using Incidents.Server.Hosting;

namespace Incidents.Server.Preview;

/// <summary>Request headers in a file: a line <c>Name: value</c> each, or one JSON object.</summary>
internal static class HeaderFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The headers by name, case-insensitively; of a name that occurs twice all values, as HTTP joins them.</summary>
    /// <exception cref="ConfigRefusedException">It cannot be read as either.</exception>
    public static Dictionary<string, string> Load(string path) => Parse(path, Encoding.UTF8.GetString(InputFile.Read(path, MaxBytes)).TrimStart('\uFEFF'));

    /// <summary>The headers of a text.</summary>
    public static Dictionary<string, string> Parse(string path, string text)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in text.TrimStart().StartsWith('{') ? FromJson(path, text) : FromLines(path, text))
            headers[name] = headers.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
        return headers;
    }

    private static IEnumerable<(string Name, string Value)> FromLines(string path, string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0)
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw new ConfigRefusedException($"{path}:{i + 1}: expected 'Name: value'");
            yield return (line[..colon].Trim(), line[(colon + 1)..].Trim());
        }
    }

    private static List<(string Name, string Value)> FromJson(string path, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateObject().Select(p => (p.Name, p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText()))];
        }
        catch (JsonException broken)
        {
            throw new ConfigRefusedException($"{path}:{broken.LineNumber + 1}: not a JSON object of header names and values");
        }
    }
}
