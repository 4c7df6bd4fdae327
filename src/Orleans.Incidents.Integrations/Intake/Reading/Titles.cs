using System.Buffers;
using System.Text;

namespace Incidents.Integrations.Intake.Reading;

/// <summary>Makes the one line that a person reads.</summary>
internal static class Titles
{
    private const string Ellipsis = "…";
    private const int MaxQuoted = 60;

    // All that may not stand in a line: the control characters, and Unicode's own line ends.
    private static readonly SearchValues<char> Breaks = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Append(0x2028).Append(0x2029).Select(c => (char)c)]);

    /// <summary>
    /// The text on one line: line ends and other control characters become blanks, outer blanks go, and what is over
    /// <see cref="IntakeLimits.MaxTitleLength"/> is cut. <see langword="null"/> when nothing is left to read.
    /// </summary>
    public static string? OneLine(string? text)
    {
        if (text is null)
            return null;
        if (text.AsSpan().ContainsAny(Breaks))
            text = string.Join(' ', Unbroken(text).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        text = text.Trim();
        return text.Length == 0 ? null : Cut(text, IntakeLimits.MaxTitleLength);
    }

    /// <summary>What a sender wrote, as it may be repeated in a refusal: on one line, and not for long.</summary>
    public static string Quoted(string text) => OneLine(Cut(text, MaxQuoted)) ?? "";

    private static string Unbroken(string text)
    {
        var line = new StringBuilder(text);
        for (var i = 0; i < line.Length; i++)
        {
            if (Breaks.Contains(line[i]))
                line[i] = ' ';
        }

        return line.ToString();
    }

    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = most - Ellipsis.Length;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Ellipsis;
    }
}
