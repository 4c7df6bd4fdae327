using System.Globalization;
using System.Text;

namespace Incidents.Routing.Matchers;

/// <summary>Go's double-quoted string literals (The Go Programming Language Specification, "String literals"; strconv.Quote).</summary>
internal static class GoQuote
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The literal for a text: printable characters stand for themselves, all others are escaped.</summary>
    public static string Quote(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
            AppendQuoted(literal, rune);
        return literal.Append('"').ToString();
    }

    /// <summary>
    /// The text of a literal with its quotes; <see langword="null"/> for an unknown escape, a raw line feed, or bytes that
    /// together are no UTF-8.
    /// </summary>
    public static string? Unquote(string literal)
    {
        if (literal.Contains('\n', StringComparison.Ordinal))
            return null;
        var bytes = new List<byte>(literal.Length);
        var at = 1;
        while (at < literal.Length - 1)
        {
            if (!ReadCharacter(literal, ref at, bytes))
                return null;
        }

        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static void AppendQuoted(StringBuilder literal, Rune rune)
    {
        var short_ = "\a\b\f\n\r\t\v\\\"".IndexOf((char)rune.Value, StringComparison.Ordinal);
        if (rune.Value < 0x80 && short_ >= 0)
            literal.Append('\\').Append("abfnrtv\\\""[short_]);
        else if (IsPrintable(rune))
            literal.Append(rune.ToString());
        else
            literal.Append(rune.Value < 0x80 ? $"\\x{rune.Value:x2}" : rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}");
    }

    /// <summary>Letters, marks, numbers, punctuation, symbols and the ASCII space.</summary>
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned);

    private static bool ReadCharacter(string literal, ref int at, List<byte> bytes)
    {
        if (literal[at] != '\\')
        {
            if (!Rune.TryGetRuneAt(literal, at, out var rune))
                return false;
            at += rune.Utf16SequenceLength;
            Append(bytes, rune);
            return true;
        }

        // The lexer has seen to it that a character follows.
        var letter = literal[at + 1];
        at += 2;
        var simple = "abfnrtv\\\"".IndexOf(letter, StringComparison.Ordinal);
        if (simple >= 0)
        {
            bytes.Add((byte)"\a\b\f\n\r\t\v\\\""[simple]);
            return true;
        }

        return letter switch
        {
            'x' => ReadByte(literal, ref at, 2, 16, bytes),
            'u' => ReadRune(literal, ref at, 4, bytes),
            'U' => ReadRune(literal, ref at, 8, bytes),
            _ => ReadOctal(literal, ref at, bytes),
        };
    }

    private static bool ReadOctal(string literal, ref int at, List<byte> bytes)
    {
        at--;
        return ReadByte(literal, ref at, 3, 8, bytes);
    }

    private static bool ReadByte(string literal, ref int at, int digits, int radix, List<byte> bytes)
    {
        if (ReadNumber(literal, ref at, digits, radix) is not { } value || value > byte.MaxValue)
            return false;
        bytes.Add((byte)value);
        return true;
    }

    private static bool ReadRune(string literal, ref int at, int digits, List<byte> bytes)
    {
        if (ReadNumber(literal, ref at, digits, 16) is not { } value || value > int.MaxValue || !Rune.IsValid((int)value))
            return false;
        Append(bytes, new Rune((int)value));
        return true;
    }

    private static long? ReadNumber(string literal, ref int at, int digits, int radix)
    {
        long value = 0;
        for (var i = 0; i < digits; i++, at++)
        {
            // The quote that closes the literal is no digit.
            if (DigitOf(literal[at]) is not { } digit || digit >= radix)
                return null;
            value = (value * radix) + digit;
        }

        return value;
    }

    private static int? DigitOf(char c) => char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : null;

    private static void Append(List<byte> bytes, Rune rune)
    {
        Span<byte> buffer = stackalloc byte[4];
        foreach (var b in buffer[..rune.EncodeToUtf8(buffer)])
            bytes.Add(b);
    }
}
