using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Unicode;

/// <summary>
/// The classes of <c>\p{…}</c>: general categories (from the platform's data), their long names, scripts, and
/// <c>Any</c>, <c>Assigned</c>, <c>ASCII</c>. Case, spaces, underscores and hyphens of a name do not count (Unicode TR18).
/// </summary>
internal static class UnicodeClasses
{
    private static readonly Lazy<FrozenDictionary<string, RuneSet>> Scripts = new(ReadScripts);
    private static readonly Lazy<FrozenDictionary<string, RuneSet>> Categories = new(CategoryData.Build);

    /// <summary>The class of a name, or <see langword="null"/> when there is none.</summary>
    public static RuneSet? Find(string name)
    {
        var plain = Plain(name);
        return plain switch
        {
            "any" => RuneSet.Any,
            "ascii" => NamedClasses.PosixNamed("ascii"),
            "assigned" => Categories.Value["cn"].Negate(),
            _ => Categories.Value.GetValueOrDefault(CategoryData.ShortName(plain)) ?? Scripts.Value.GetValueOrDefault(plain),
        };
    }

    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (c is not ('_' or '-' or ' '))
                plain.Append(char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c);
        }

        return plain.ToString();
    }

    private static FrozenDictionary<string, RuneSet> ReadScripts() =>
        ScriptData.Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToFrozenDictionary(parts => Plain(parts[0]), parts => ReadRanges(parts.AsSpan(1)), StringComparer.Ordinal);

    private static RuneSet ReadRanges(ReadOnlySpan<string> ranges)
    {
        var builder = new RuneSetBuilder();
        foreach (var range in ranges)
        {
            var ends = range.Split('-');
            builder.Add(int.Parse(ends[0], NumberStyles.HexNumber), int.Parse(ends[^1], NumberStyles.HexNumber));
        }

        return builder.Build();
    }
}
