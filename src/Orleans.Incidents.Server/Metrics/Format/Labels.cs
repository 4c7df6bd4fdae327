using System.Globalization;
using System.Text;

namespace Incidents.Server.Metrics.Format;

/// <summary>The labels of one line, in the order in which they were added.</summary>
internal sealed class Labels
{
    private readonly List<(string Original, string Name, string Value)> _labels = [];

    public int Count => _labels.Count;

    /// <summary>Adds an attribute under its name made fit for a label, unless that name is reserved.</summary>
    public Labels Add(string key, object? value, params ReadOnlySpan<string> reserved) => AddAs(key, Clean(key), value, reserved);

    /// <summary>Adds a label whose name differs from the attribute's.</summary>
    public Labels AddAs(string key, string name, object? value, params ReadOnlySpan<string> reserved)
    {
        if (!reserved.Contains(name))
            _labels.Add((key, name, ToText(value)));
        return this;
    }

    /// <summary>
    /// The labels without braces: <c>a="1",b="2"</c>. Where two attributes have one label name, their values are joined by a
    /// semicolon in the order of the attributes' names, as OpenTelemetry asks. Labels that would make names and values longer
    /// than <paramref name="maxRunes"/> together are left out.
    /// </summary>
    public string ToText(int maxRunes = int.MaxValue)
    {
        var (text, used) = (new StringBuilder(), 0);
        foreach (var group in _labels.GroupBy(l => l.Name))
        {
            var value = string.Join(';', group.OrderBy(l => l.Original, StringComparer.Ordinal).Select(l => l.Value));
            if (maxRunes != int.MaxValue)
            {
                var runes = group.Key.Length + value.EnumerateRunes().Count();
                if (used + runes > maxRunes)
                    continue;
                used += runes;
            }

            text.Append(text.Length == 0 ? "" : ",").Append(group.Key).Append("=\"").Append(Escape(value, quotes: true)).Append('"');
        }

        return text.ToString();
    }

    /// <summary>Backslash and line feed as an escape, and the quotation mark where it would end the text.</summary>
    public static string Escape(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    /// <summary>A label's name: letters, digits and underscores, no digit in front; anything else becomes one underscore.</summary>
    public static string Clean(string key)
    {
        if (key.Length == 0)
            return "_";
        var name = new StringBuilder(char.IsAsciiDigit(key[0]) ? "_" : "", key.Length + 1);
        foreach (var c in key)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '_')
                name.Append(c);
            else if (name.Length == 0 || name[^1] != '_')
                name.Append('_');
        }

        return name.ToString();
    }

    private static string ToText(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        double number => Numbers.Canonical(number),
        float number => Numbers.Canonical(number),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
