using System.Globalization;

namespace Incidents.Fuzz.Grammar;

/// <summary>Writes RE2 patterns, mostly well-formed, and values that they may match.</summary>
internal static class PatternGrammar
{
    private static readonly string[] Atoms =
    [
        "a", "b", "c", "x", "0", "-", "é", "🙂", "ſ", "K", ".", "^", "$", "\\A", "\\z", "\\b", "\\B", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\pL", "\\p{Greek}", "\\PN", "\\p{^Lu}", "[[:alpha:]]", "[^[:digit:]x]", "[a-c]", "[^a]", "[]a]",
        "[\\d\\-z]", "[é-🙂]", "\\x41", "\\x{1F642}", "\\Q.*\\E", "\\.", "\\\\", "\\n", "\\t", "\\a", "\\101", "(?i)", "(?s)", "(?m)", "(?U)", "(?-i)", "\\C", "\n", "prod-", "\\z",
    ];

    private static readonly string[] Repeats = ["*", "+", "?", "*?", "+?", "??", "{2}", "{0}", "{1,3}", "{2,}", "{0,1}", "{1000}", "{1001}", "{3,2}", "{,2}", "{", "}"];

    public static string Pattern(Random random, int depth = 4) => random.Next(depth <= 0 ? 3 : 9) switch
    {
        0 or 1 => random.Pick(Atoms),
        2 => string.Concat(random.Some(4, () => random.Pick(Atoms))),
        3 or 4 => Pattern(random, depth - 1) + Pattern(random, depth - 1),
        5 => Pattern(random, depth - 1) + "|" + Pattern(random, depth - 1),
        6 => random.Pick("(", "(?:", "(?i:", "(?s:", "(?m-s:", "(?P<n>", "(?<m>", "(?=", "(") + Pattern(random, depth - 1) + ")",
        7 => "(?:" + Pattern(random, depth - 1) + ")" + random.Pick(Repeats),
        _ => random.Pick(Atoms) + random.Pick(Repeats),
    };

    /// <summary>Only what .NET's own engine reads the same, of ASCII characters.</summary>
    public static string Plain(Random random, int depth = 4) => random.Next(depth <= 0 ? 2 : 7) switch
    {
        0 or 1 => random.Pick("a", "b", "c", "0", ".", "[a-c]", "[^a]", "[0b]", "ab"),
        2 or 3 => Plain(random, depth - 1) + Plain(random, depth - 1),
        4 => Plain(random, depth - 1) + "|" + Plain(random, depth - 1),
        5 => "(" + Plain(random, depth - 1) + ")",
        _ => "(" + Plain(random, depth - 1) + ")" + random.Pick("*", "+", "?", "*?", "{2}", "{1,3}", "{2,}", "{0}"),
    };

    public static string Value(Random random)
    {
        var parts = string.Concat(random.Some(12, () => random.Pick("a", "b", "c", "0", "x", "é", "🙂", "\n", "K", "k", "S", "-", "prod-17", " ")));
        return random.Next(60) == 0 ? string.Concat(Enumerable.Repeat(parts, random.Next(1, 1 + (30_000 / (1 + parts.Length))))) : parts;
    }

    public static string PlainValue(Random random) => string.Concat(random.Some(14, () => ((char)random.Pick('a', 'b', 'c', '0', 'x')).ToString(CultureInfo.InvariantCulture)));
}
