using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>
/// Decodes the inside of a JSON string that a reader has already found well-formed. What is no Unicode text (a lone
/// surrogate escape, a byte that is not UTF-8) becomes U+FFFD, one for each escape or byte, so that a fingerprint is the
/// one that the Go senders compute.
/// </summary>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';
    private const int EscapeLength = 6;
    private const int PoolSlots = 1 << 13;
    private const int MaxPooledBytes = 48;
    private const int TextOverhead = 80;

    private static readonly BytesCache<string> Pool = new(PoolSlots, MaxPooledBytes, maxWeight: 1L << 20);

    /// <summary>The text of a JSON string, given what stands between its quotes.</summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf((byte)'\\') < 0 && Utf8.IsValid(raw))
            return Encoding.UTF8.GetString(raw);
        var chars = ArrayPool<char>.Shared.Rent(raw.Length);
        var text = new string(chars, 0, Write(raw, chars));
        ArrayPool<char>.Shared.Return(chars);
        return text;
    }

    /// <summary>As <see cref="Decode"/>, and a short text that keeps coming, such as a label's name, is the same object each time.</summary>
    public static string Pooled(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > MaxPooledBytes)
            return Decode(raw);
        if (Pool.TryFind(raw, out var hash, out var known))
            return known;
        var text = Decode(raw);
        Pool.Offer(raw, hash, text, TextOverhead + (3 * raw.Length));
        return text;
    }

    /// <summary>The property name that a reader stands on, its escapes resolved.</summary>
    public static ReadOnlySpan<byte> NameOf(scoped ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(Decode(reader.ValueSpan)) : reader.ValueSpan;

    /// <summary>JSON source text (a number, an object) as it stands.</summary>
    public static string Source(ReadOnlySpan<byte> raw) => Encoding.UTF8.GetString(raw);

    // No escape and no byte makes more units than it is bytes long, so the target never runs out.
    private static int Write(ReadOnlySpan<byte> raw, Span<char> to)
    {
        var written = 0;
        while (!raw.IsEmpty)
        {
            written += raw[0] == '\\' ? WriteEscape(raw, to[written..], out var used) : WritePlain(raw, to[written..], out used);
            raw = raw[used..];
        }

        return written;
    }

    private static int WritePlain(ReadOnlySpan<byte> raw, Span<char> to, out int used)
    {
        var end = raw.IndexOf((byte)'\\');
        var run = end < 0 ? raw : raw[..end];
        if (Utf8.ToUtf16(run, to, out used, out var written, replaceInvalidSequences: false) == OperationStatus.Done)
            return written;
        to[written] = Replacement;
        used++;
        return written + 1;
    }

    private static int WriteEscape(ReadOnlySpan<byte> raw, Span<char> to, out int used)
    {
        used = 2;
        if (raw[1] == 'u')
            return WriteUnit(raw, to, out used);
        to[0] = (char)raw[1] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other };
        return 1;
    }

    private static int WriteUnit(ReadOnlySpan<byte> raw, Span<char> to, out int used)
    {
        used = EscapeLength;
        to[0] = Unit(raw);
        if (!char.IsSurrogate(to[0]))
            return 1;
        var next = raw[EscapeLength..];
        if (char.IsHighSurrogate(to[0]) && next.StartsWith("\\u"u8) && char.IsLowSurrogate(Unit(next)))
        {
            to[1] = Unit(next);
            used = 2 * EscapeLength;
            return 2;
        }

        to[0] = Replacement;
        return 1;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
