using System.Text;
using System.Text.RegularExpressions;

namespace Incidents.Fuzz.Engine;

/// <summary>A law that an input broke.</summary>
internal sealed class BrokenLawException(string message) : Exception(message);

/// <summary>Says what is broken without the cost of an assertion that holds.</summary>
internal static partial class Law
{
    public static void Holds(bool holds, string law)
    {
        if (!holds)
            throw new BrokenLawException(law);
    }

    public static void Equal(string expected, string found, string law)
    {
        if (expected != found)
            throw new BrokenLawException($"{law}: expected {expected}, found {found}");
    }

    /// <summary>A text is Unicode: no half of a surrogate pair stands alone.</summary>
    public static void IsText(string? text, string what)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
                throw new BrokenLawException($"{what} has half of a surrogate pair: {text}");
            rest = rest[used..];
        }
    }

    /// <summary>A text is one line that a person can read.</summary>
    public static void IsLine(string text, int most, string what)
    {
        Holds(text.Length > 0 && text.Length <= most, $"{what} has {text.Length} characters: {text}");
        Holds(!text.Any(char.IsControl), $"{what} has a control character: {text}");
    }

    /// <summary>A message without what differs from input to input: its kind.</summary>
    public static string Kind(string message) => Quoted().Replace(Digits().Replace(message, "0"), "''") is { Length: > 80 } text ? text[..80] : Quoted().Replace(Digits().Replace(message, "0"), "''");

    [GeneratedRegex("[0-9]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Digits();

    [GeneratedRegex("""('[^']*'|"[^"]*")""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
