using System.Globalization;
using System.Text;

namespace Incidents.Integrations.Delivery.Email;

/// <summary>Text as quoted-printable (RFC 2045, section 6.7): readable as it is, and safe through any mail server.</summary>
internal static class QuotedPrintable
{
    private const int MaxLine = 76;

    /// <summary>The text in UTF-8, its lines (ended by <c>\n</c>) ended by CR LF and none longer than 76 characters.</summary>
    public static string Encode(string text) => string.Join("\r\n", text.Split('\n').Select(Line));

    private static string Line(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        var encoded = new StringBuilder(bytes.Length + 16);
        var room = MaxLine - 1;
        for (var i = 0; i < bytes.Length; i++)
        {
            var piece = IsPlain(bytes[i], isLast: i == bytes.Length - 1) ? ((char)bytes[i]).ToString() : "=" + bytes[i].ToString("X2", CultureInfo.InvariantCulture);
            if (piece.Length > room)
            {
                encoded.Append("=\r\n");
                room = MaxLine - 1;
            }

            encoded.Append(piece);
            room -= piece.Length;
        }

        return encoded.ToString();
    }

    // Spaces at the end of a line get lost on the way.
    private static bool IsPlain(byte b, bool isLast) => b is > 0x20 and < 0x7F and not (byte)'=' || (b == ' ' && !isLast);
}
