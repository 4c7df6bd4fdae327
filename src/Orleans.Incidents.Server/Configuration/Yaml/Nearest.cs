namespace Incidents.Server.Configuration.Yaml;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Nearest
{
    /// <summary>
    /// The candidate with the smallest edit distance, if that is at most a third of the word's length (but 1 is always
    /// near), else the first one that begins with the word; <see langword="null"/> when nothing is near.
    /// </summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        var all = candidates.ToArray();
        var best = all.Select(c => (Name: c, Distance: Distance(word, c))).OrderBy(c => c.Distance).FirstOrDefault();
        if (best.Name is not null && best.Distance <= Math.Max(1, word.Length / 3))
            return best.Name;
        return word.Length < 3 ? null : all.FirstOrDefault(c => c.StartsWith(word, StringComparison.Ordinal));
    }

    // Optimal string alignment: insertions, deletions, replacements and swaps of neighbours cost 1.
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > a.Length / 2 + 1)
            return int.MaxValue;
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
                cost[i, j] = Step(cost, a, b, i, j);
        }

        return cost[a.Length, b.Length];
    }

    private static int Step(int[,] cost, string a, string b, int i, int j)
    {
        var replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        var least = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(least, cost[i - 2, j - 2] + 1) : least;
    }
}
