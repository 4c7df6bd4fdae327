using System.Text;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>
/// Text of strangers in a mail's header. Whatever it holds, what comes out is printable ASCII, with line ends only where this
/// folds: no title can end its line, begin another header, or pass itself off as encoded.
/// </summary>
internal static class HeaderText
{
    /// <summary>How much of a word is encoded at a time: with its frame it then fits a line of 76 behind any header name used here.</summary>
    private const int MaxEncoded = 39;

    /// <summary>As it is where that is plain ASCII in one line; else as encoded words of RFC 2047, in UTF-8 and base64.</summary>
    public static string Encode(string text)
    {
        var isPlain = text.All(c => c is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal);
        return isPlain ? text : string.Join("\r\n ", Pieces(text).Select(p => $"=?utf-8?B?{Convert.ToBase64String(p)}?="));
    }

    // No character is cut in two: a reader decodes each word by itself.
    private static IEnumerable<byte[]> Pieces(string text)
    {
        var piece = new List<byte>(MaxEncoded);
        var bytes = new byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(bytes);
            if (piece.Count + length > MaxEncoded)
            {
                yield return [.. piece];
                piece.Clear();
            }

            piece.AddRange(bytes.AsSpan(0, length));
        }

        if (piece.Count > 0)
            yield return [.. piece];
    }
}
