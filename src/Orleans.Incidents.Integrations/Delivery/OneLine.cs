namespace Incidents.Integrations.Delivery;

/// <summary>Foreign text made fit for one line of a log or a console.</summary>
internal static class OneLine
{
    /// <summary>
    /// The text with every control character and line separator as a space, so that what a stranger sends cannot forge a line
    /// or move a cursor, and with an ellipsis where it is longer than <paramref name="max"/> characters.
    /// </summary>
    public static string Of(string text, int max)
    {
        var cut = text.Length > max ? text[..max] + "…" : text;
        return string.Create(cut.Length, cut, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
        }).Trim();
    }
}
