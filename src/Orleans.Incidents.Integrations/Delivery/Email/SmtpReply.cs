namespace Incidents.Integrations.Delivery.Email;

/// <summary>A mail server's answer to one command.</summary>
/// <param name="Code">Three digits; 0: it was not SMTP.</param>
/// <param name="Lines">The text of each line, without the code.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>Whether the command was done.</summary>
    public bool IsDone => Code is >= 200 and <= 299;

    /// <summary>Whether the server waits for the rest of it.</summary>
    public bool IsHalfway => Code is >= 300 and <= 399;

    /// <summary>Whether it is about policy or load rather than a failure: enhanced status 4.7 or 5.7 (RFC 3463).</summary>
    public bool IsPolicy => Lines.Count > 0 && Lines[0].Length > 4 && Lines[0][1..4] == ".7.";

    /// <summary>One line for a person.</summary>
    public override string ToString() => OneLine.Of($"{Code} {string.Join(' ', Lines)}", 300);

    /// <summary>Reads a line: its code, whether more lines follow, its text; <see langword="null"/>: not SMTP.</summary>
    public static (int Code, bool More, string Text)? Parse(string line)
    {
        if (line.Length < 3 || !line.AsSpan(0, 3).ContainsOnlyDigits() || (line.Length > 3 && line[3] is not (' ' or '-')))
            return null;
        return (int.Parse(line.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture), line.Length > 3 && line[3] == '-', line.Length > 4 ? line[4..] : "");
    }
}

/// <summary>What the base library has no word for.</summary>
internal static class Digits
{
    public static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
