using System.Collections.Frozen;
using System.Globalization;
using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Unicode;

/// <summary>
/// Which code points are equal when case does not count, by simple folding: one code point against one, so that
/// <c>ß</c> is not <c>SS</c>, but the Kelvin sign is <c>k</c>. The platform has no such table.
/// </summary>
internal static class CaseFolding
{
    private static readonly FrozenDictionary<int, int[]> Sets = Read();
    private static readonly int[] Members = [.. Sets.Keys.Order()];

    /// <summary>Adds every code point that equals one of the range, both ends inclusive.</summary>
    public static void AddPartners(int lo, int hi, RuneSetBuilder into)
    {
        var start = Array.BinarySearch(Members, lo);
        for (var i = start < 0 ? ~start : start; i < Members.Length && Members[i] <= hi; i++)
        {
            foreach (var partner in Sets[Members[i]])
                into.Add(partner, partner);
        }
    }

    private static FrozenDictionary<int, int[]> Read()
    {
        var sets = new Dictionary<int, int[]>();
        foreach (var entry in FoldData.Text.Split([';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var set in entry.Contains('-', StringComparison.Ordinal) ? Pairs(entry) : [[.. entry.Split(' ').Select(Hex)]])
            {
                foreach (var member in set)
                    sets.Add(member, set);
            }
        }

        return sets.ToFrozenDictionary();
    }

    private static IEnumerable<int[]> Pairs(string entry)
    {
        var parts = entry.Split('-', '/', '+').Select(Hex).ToArray();
        for (var rune = parts[0]; rune <= parts[1]; rune += parts[2])
            yield return [rune, rune + parts[3]];
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber);
}
