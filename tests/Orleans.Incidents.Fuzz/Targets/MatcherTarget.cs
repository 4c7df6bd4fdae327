using System.Collections.Immutable;
using System.Text;
using Incidents.Fuzz.Grammar;
using Incidents.Routing;
using Incidents.Routing.Matchers;

namespace Incidents.Fuzz.Targets;

/// <summary>
/// Both matcher grammars and the mode between them. A text is read or refused at a place inside it; what was read writes itself
/// so that it is read the same; a negated operator is the other's opposite.
/// </summary>
internal sealed class MatcherTarget : ITarget
{
    private static readonly string[] Parts =
    [
        "{", "}", ",", "=", "!=", "=~", "!~", "~", "!", "\"", "\\", "'", "`", "\\n", "\\\"", "\\x41", "\\u00e9", "\\U0001f642", "\\101", "\\q", " ", "\t", "\n", "\u00A0", "\u2028", "a", "job", "_x1", "a:b", "0a", "é", "🙂",
        "foo", "\"bar\"", "\"b,r\"", "\".*\"", "(a|b)+", "[", "(?i:x)", "\\d", "a{2,3}", ".*", "\0", "\uD83D",
    ];

    private static readonly string[] Values = ["", "a", "b", "foo", "bar", "é", "🙂", "\n", "aaaa", "x1", "\uD83D"];

    public string Name => "matchers";

    public double Share => 1.5;

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[] { "", "{}", "{a=b}", "a=\"b\", c!=d,", "{job=~\"a|b\",\"é 🙂\"!~\"x.*\"}", "foo=!bar", "a=\"\\x62\"", "{a=\"b\"", "a=b}", "a=~\"[a-c]{1,3}\"", "\"a\\tb\"=\"\\U0001f642\"" }.Select(Encoding.UTF8.GetBytes),
    ];

    public IReadOnlyList<byte[]> Words { get; } = [.. Parts.Select(Encoding.UTF8.GetBytes)];

    public byte[] Make(Random random)
    {
        var text = string.Join(random.Chance(90) ? "," : random.Pick(Parts), random.Some(4, () => Side(random) + random.Pick("=", "!=", "=~", "!~", " = ", "=!", "==") + Side(random)));
        return Encoding.UTF8.GetBytes(random.Chance(40) ? "{" + text + "}" : text);
    }

    public string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var kind = new StringBuilder();
        foreach (var mode in Enum.GetValues<MatcherMode>())
        {
            var all = MatcherParser.ParseAll(text, mode);
            Check(text, all, mode);
            kind.Append(all.TryGet(out var matchers, out var error) ? $"{Math.Min(matchers.Length, 3)}{string.Concat(matchers.Take(2).Select(m => m.Operator.Text()))}" : Law.Kind(error.Message)).Append(';');
            var one = MatcherParser.ParseOne(text, mode);
            if (!one.TryGet(out var single, out var refused))
                Law.Holds(refused.Offset >= 0 && refused.Offset <= text.Length && refused.Message.Length > 0, $"an error has a place in the text: {refused}");
            else if (mode == MatcherMode.Utf8Strict)
                Law.Holds(all.IsValid && all.Value is [var same] && same.Equals(single), $"{mode}: one matcher alone is a list of one");
        }

        CheckFallback(text);
        return kind.Append(MatcherWarning.Of(text)?.Doubt).ToString();
    }

    private static string Side(Random random) => random.Next(5) switch
    {
        0 => "\"" + random.OddText().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"",
        1 => string.Concat(random.Some(3, () => random.Pick(Parts))),
        2 => random.Pick("a", "job", "é", "_", "a:b"),
        3 => random.OddText(),
        _ => "\"" + PatternGrammar.Pattern(random, 2).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"",
    };

    private static void Check(string text, Parsed<ImmutableArray<Matcher>> parsed, MatcherMode mode)
    {
        if (!parsed.TryGet(out var matchers, out var error))
        {
            Law.Holds(error.Offset >= 0 && error.Offset <= text.Length && error.Message.Length > 0, $"{mode}: an error has a place in the text: {error}");
            return;
        }

        foreach (var matcher in matchers)
        {
            var opposite = Matcher.Create(matcher.Name, MatchOperators.Of(matcher.IsRegex, !matcher.IsEqual), matcher.Value).Value;
            foreach (var value in Values)
                Law.Holds(matcher.Matches(value) != opposite.Matches(value), $"{matcher} is not {opposite}");
            if (matcher.Name.Length > 0)
                Law.Holds(MatcherParser.ParseOne(matcher.ToString(), MatcherMode.Utf8Strict).TryGet(out var again, out _) && again.Equals(matcher), $"{mode}: {matcher} is read as it is written");
        }

        if (matchers.All(m => MatcherGrammar.IsLabelName(m.Name, MatcherMode.Classic)))
            Law.Holds(MatcherParser.ParseAll("{" + string.Join(',', matchers) + "}").TryGet(out var all, out _) && all.SequenceEqual(matchers), $"{mode}: the list is read as it is written");
    }

    // Where both accept, the classic reading stands; where one accepts, that one; where none does, nothing.
    private static void CheckFallback(string text)
    {
        var (fallback, classic, utf8) = (MatcherParser.ParseAll(text), MatcherParser.ParseAll(text, MatcherMode.Classic), MatcherParser.ParseAll(text, MatcherMode.Utf8Strict));
        var expected = classic.IsValid ? classic : utf8;
        Law.Holds(fallback.IsValid == expected.IsValid && (!fallback.IsValid || fallback.Value.SequenceEqual(expected.Value)), "fallback is the classic reading, or else the other one");
        if (MatcherWarning.Of(text) is not { } warning)
            return;
        foreach (var mode in Enum.GetValues<MatcherMode>())
            Law.Holds(MatcherParser.ParseAll(warning.Suggestion, mode).TryGet(out var read, out _) && read.SequenceEqual(fallback.Value), $"{mode} reads the suggestion {warning.Suggestion} as it is meant");
    }
}
