namespace Incidents.Alerts;

/// <summary>
/// The order of label names: by Unicode code point, which is the order of their UTF-8 bytes and so the one that
/// Prometheus hashes in. It differs from UTF-16 order only where a surrogate pair meets U+E000 to U+FFFF.
/// </summary>
internal static class LabelOrder
{
    /// <summary>Negative, zero or positive, as <paramref name="a"/> comes before, with or after <paramref name="b"/>.</summary>
    public static int Compare(string a, string b)
    {
        var same = a.AsSpan().CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length - b.Length : Weight(a[same]) - Weight(b[same]);
    }

    /// <summary>Whether every name comes after the one before it: then the pairs are sorted and no name occurs twice.</summary>
    public static bool IsStrictlyAscending(ReadOnlySpan<KeyValuePair<string, string>> pairs)
    {
        for (var i = 1; i < pairs.Length; i++)
        {
            if (Compare(pairs[i - 1].Key, pairs[i].Key) >= 0)
                return false;
        }

        return true;
    }

    /// <summary>The pairs in order; of a name that occurs twice the later value stays.</summary>
    public static KeyValuePair<string, string>[] SortLastWins(KeyValuePair<string, string>[] pairs)
    {
        var sorted = new SortedDictionary<string, string>(Comparer<string>.Create(Compare));
        foreach (var (name, value) in pairs)
            sorted[name] = value;
        return [.. sorted];
    }

    // Surrogates stand for code points above U+FFFF, so they move behind the other units.
    private static int Weight(char unit) => unit < 0xD800 ? unit : unit < 0xE000 ? unit + 0x2000 : unit - 0x800;
}
