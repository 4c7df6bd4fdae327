using System.Text;

namespace Incidents.Fuzz.Targets.Intake;

/// <summary>A request as one input: a line for each header, an empty line, the body.</summary>
internal sealed record Message(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static byte[] Of(string body, params string[] headers) => Encoding.UTF8.GetBytes(string.Concat(headers.Select(h => h + "\n")) + "\n" + body);

    public static Message Read(byte[] input)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rest = input.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.IsEmpty)
                break;

            // A server hands on only what has a name that HTTP allows.
            var text = Encoding.Latin1.GetString(line);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && text[..colon].All(c => char.IsAsciiLetterOrDigit(c) || "-_.!#$%&'*+^`|~".Contains(c, StringComparison.Ordinal)))
                headers[text[..colon]] = text[(colon + 1)..].Trim();
        }

        return new Message(headers, rest.ToArray());
    }
}
