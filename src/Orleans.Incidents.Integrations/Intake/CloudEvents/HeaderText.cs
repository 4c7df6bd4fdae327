using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Incidents.Integrations.Intake.CloudEvents;

/// <summary>An attribute's value as a header carries it: in quotes from older senders, and percent-encoded.</summary>
internal static class HeaderText
{
    private const int EscapeLength = 3;

    /// <summary>
    /// The text: quotes around the whole value are undone, then one round of percent-decoding. A per cent sign that
    /// begins no escape stands for itself. <see langword="null"/> when what was encoded is not UTF-8.
    /// </summary>
    public static string? Decode(string value)
    {
        value = Unquote(value.Trim());
        if (!value.Contains('%', StringComparison.Ordinal))
            return value;
        var bytes = Encoding.UTF8.GetBytes(value);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var escaped = Escape(bytes.AsSpan(i));
            bytes[length++] = escaped ?? bytes[i];
            i += escaped is null ? 0 : EscapeLength - 1;
        }

        return Utf8.IsValid(bytes.AsSpan(0, length)) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static byte? Escape(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength && text[0] == '%'
        && byte.TryParse(text[1..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"')
            return value;
        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length - 1; i++)
            text.Append(value[i] == '\\' && i + 1 < value.Length - 1 ? value[++i] : value[i]);
        return text.ToString();
    }
}
