using System.Collections.Frozen;
using System.Globalization;
using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Unicode;

/// <summary>General categories of Unicode as sets, keyed by the short name in lower case: <c>lu</c>, <c>l</c>, <c>lc</c>, …</summary>
internal static class CategoryData
{
    /// <summary>Short names in the order of <see cref="UnicodeCategory"/>.</summary>
    private static readonly string[] Names =
    [
        "lu", "ll", "lt", "lm", "lo", "mn", "mc", "me", "nd", "nl", "no", "zs", "zl", "zp", "cc", "cf", "cs", "co",
        "pc", "pd", "ps", "pe", "pi", "pf", "po", "sm", "sc", "sk", "so", "cn",
    ];

    private static readonly FrozenDictionary<string, string> Long = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["other"] = "c", ["control"] = "cc", ["cntrl"] = "cc", ["format"] = "cf", ["unassigned"] = "cn", ["privateuse"] = "co",
        ["surrogate"] = "cs", ["letter"] = "l", ["casedletter"] = "lc", ["lowercaseletter"] = "ll", ["modifierletter"] = "lm",
        ["otherletter"] = "lo", ["titlecaseletter"] = "lt", ["uppercaseletter"] = "lu", ["mark"] = "m", ["combiningmark"] = "m",
        ["spacingmark"] = "mc", ["enclosingmark"] = "me", ["nonspacingmark"] = "mn", ["number"] = "n", ["decimalnumber"] = "nd",
        ["digit"] = "nd", ["letternumber"] = "nl", ["othernumber"] = "no", ["punctuation"] = "p", ["punct"] = "p",
        ["connectorpunctuation"] = "pc", ["dashpunctuation"] = "pd", ["closepunctuation"] = "pe", ["finalpunctuation"] = "pf",
        ["initialpunctuation"] = "pi", ["otherpunctuation"] = "po", ["openpunctuation"] = "ps", ["symbol"] = "s",
        ["currencysymbol"] = "sc", ["modifiersymbol"] = "sk", ["mathsymbol"] = "sm", ["othersymbol"] = "so", ["separator"] = "z",
        ["lineseparator"] = "zl", ["paragraphseparator"] = "zp", ["spaceseparator"] = "zs",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The short name for a long one in plain lower case; any other text is returned as it is.</summary>
    public static string ShortName(string plain) => Long.GetValueOrDefault(plain, plain);

    /// <summary>Sorts all code points once; a few milliseconds, so it is done at the first <c>\p</c> only.</summary>
    public static FrozenDictionary<string, RuneSet> Build()
    {
        var builders = new Dictionary<string, RuneSetBuilder>(StringComparer.Ordinal);
        var start = 0;
        for (var rune = 1; rune <= RuneSet.MaxRune + 1; rune++)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(start);
            if (rune <= RuneSet.MaxRune && CharUnicodeInfo.GetUnicodeCategory(rune) == category)
                continue;
            foreach (var name in NamesOf(Names[(int)category]))
            {
                if (!builders.TryGetValue(name, out var builder))
                    builders.Add(name, builder = new RuneSetBuilder());
                builder.Add(start, rune - 1);
            }

            start = rune;
        }

        return builders.ToFrozenDictionary(b => b.Key, b => b.Value.Build(), StringComparer.Ordinal);
    }

    private static string[] NamesOf(string name) =>
        name is "lu" or "ll" or "lt" ? [name, name[..1], "lc"] : [name, name[..1]];
}
