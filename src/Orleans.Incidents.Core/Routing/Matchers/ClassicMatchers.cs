using System.Collections.Immutable;
using System.Text;

namespace Incidents.Routing.Matchers;

/// <summary>
/// The classic grammar (Alertmanager's <c>pkg/labels</c>), tolerant on purpose: a value need not be quoted and may hold
/// nearly anything; one brace at either end is dropped without looking for the other.
/// </summary>
internal static class ClassicMatchers
{
    public static Parsed<ImmutableArray<Matcher>> ParseAll(string text)
    {
        var matchers = ImmutableArray.CreateBuilder<Matcher>();
        foreach (var (start, end) in Split(text))
        {
            if (!ParseOne(text[start..end], start).TryGet(out var matcher, out var error))
                return Parsed.Failed<ImmutableArray<Matcher>>(error.Message, error.Offset);
            matchers.Add(matcher);
        }

        return Parsed.Of(matchers.DrainToImmutable());
    }

    /// <summary>Reads <c>name op value</c> with ASCII white space around each. <paramref name="offset"/> is added to an error's place.</summary>
    public static Parsed<Matcher> ParseOne(string text, int offset)
    {
        var at = SkipSpace(text, 0);
        var nameStart = at;
        while (at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] is '_' or ':' || (at > nameStart && char.IsAsciiDigit(text[at]))))
            at++;
        var name = text[nameStart..at];
        at = SkipSpace(text, at);
        if (name.Length == 0 || ReadOperator(text, ref at) is not { } op)
            return Parsed.Failed<Matcher>($"bad matcher format: {text}", offset + nameStart);

        var valueStart = SkipSpace(text, at);
        var raw = text[valueStart..].TrimEnd(' ', '\t', '\n', '\f', '\r');
        if (Unescape(raw) is not { } value)
            return Parsed.Failed<Matcher>($"matcher value contains unescaped double quote: {raw}", offset + valueStart);
        return Matcher.Create(name, op, value).TryGet(out var matcher, out var error)
            ? Parsed.Of(matcher)
            : Parsed.Failed<Matcher>(error.Message, offset + valueStart);
    }

    /// <summary>Parts at commas outside quotes. An empty last part is dropped, so a trailing comma is allowed.</summary>
    private static List<(int Start, int End)> Split(string text)
    {
        var parts = new List<(int, int)>();
        var start = text.StartsWith('{') ? 1 : 0;
        var end = text.EndsWith('}') ? text.Length - 1 : text.Length;
        bool quoted = false, escaped = false;
        for (var i = start; i < end; i++)
        {
            var c = text[i];
            if (c == ',' && !quoted)
            {
                // A backslash before the comma stays in force: it escapes the next quote.
                parts.Add((start, i));
                start = i + 1;
            }

            if (c == '"' && !escaped)
                quoted = !quoted;
            if (c != ',')
                escaped = c == '\\' && !escaped;
        }

        var last = text.AsSpan(start, end - start);
        start += last.Length - last.TrimStart().Length;
        if (!last.IsWhiteSpace())
            parts.Add((start, start + last.Trim().Length));
        return parts;
    }

    private static MatchOperator? ReadOperator(string text, ref int at)
    {
        var rest = text.AsSpan(at);
        MatchOperator? op = rest switch
        {
            ['=', '~', ..] => MatchOperator.Matches,
            ['=', ..] => MatchOperator.Equal,
            ['!', '=', ..] => MatchOperator.NotEqual,
            ['!', '~', ..] => MatchOperator.NotMatches,
            _ => null,
        };
        if (op is not null)
            at += op == MatchOperator.Equal ? 1 : 2;
        return op;
    }

    /// <summary>
    /// OpenMetrics' escapes: <c>\n</c>, <c>\"</c>, <c>\\</c>; any other backslash is itself. <see langword="null"/> where a
    /// quote stands that neither opens nor closes the whole.
    /// </summary>
    private static string? Unescape(string raw)
    {
        var quoted = raw.StartsWith('"');
        var value = new StringBuilder(raw.Length);
        for (var i = quoted ? 1 : 0; i < raw.Length; i++)
        {
            var isLast = i == raw.Length - 1;
            if (raw[i] == '"')
                return quoted && isLast ? value.ToString() : null;
            if (raw[i] != '\\' || isLast)
                value.Append(raw[i]);
            else
                AppendEscape(value, raw[++i]);
        }

        return quoted ? null : value.ToString();
    }

    private static void AppendEscape(StringBuilder value, char c)
    {
        if (c is not ('n' or '"' or '\\'))
            value.Append('\\');
        value.Append(c == 'n' ? '\n' : c);
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\f' or '\r')
            at++;
        return at;
    }
}
