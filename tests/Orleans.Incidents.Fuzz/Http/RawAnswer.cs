using System.Globalization;
using System.Text;

namespace Incidents.Fuzz.Http;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string MediaType => Headers.GetValueOrDefault("Content-Type", "").Split(';')[0];

    /// <summary>The last answer of a connection; <see langword="null"/>: it was closed without one.</summary>
    /// <exception cref="BrokenLawException">The bytes are no HTTP.</exception>
    public static RawAnswer? Read(byte[] bytes)
    {
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var end = rest.IndexOf("\r\n\r\n"u8);
            Law.Holds(end > 0 && rest.StartsWith("HTTP/1."u8), "an answer is HTTP: " + FuzzFailureException.Escape(rest));
            var lines = Encoding.Latin1.GetString(rest[..end]).Split("\r\n");
            var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
            rest = rest[(end + 4)..];
            if (status == 100)
                continue;
            var headers = lines.Skip(1).Select(l => l.Split(':', 2)).ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.OrdinalIgnoreCase);
            return new RawAnswer(status, headers, Encoding.UTF8.GetString(headers.ContainsKey("Transfer-Encoding") ? Joined(rest) : rest));
        }

        return null;
    }

    private static byte[] Joined(ReadOnlySpan<byte> chunks)
    {
        var body = new List<byte>();
        while (!chunks.IsEmpty)
        {
            var end = chunks.IndexOf("\r\n"u8);
            Law.Holds(end > 0, "a chunk has a length");
            var length = int.Parse(chunks[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (length == 0)
                break;
            Law.Holds(end + 2 + length + 2 <= chunks.Length, "a chunk is whole");
            body.AddRange(chunks.Slice(end + 2, length));
            chunks = chunks[(end + 2 + length + 2)..];
        }

        return [.. body];
    }
}
