using System.Globalization;

namespace Incidents.Load.Measures;

/// <summary>Reads one number out of Prometheus' text form.</summary>
internal static class MetricText
{
    /// <summary>The sum of a metric's samples over all its label sets; <see langword="null"/> when it has none.</summary>
    /// <param name="label">Only samples with this label text, such as <c>status="firing"</c>; <see langword="null"/>: all.</param>
    public static double? Sum(string text, string name, string? label = null)
    {
        double? sum = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length == name.Length || line[name.Length] is not ('{' or ' '))
                continue;
            var rest = line[name.Length..];
            var end = rest.LastIndexOf('}');
            if (label is not null && !rest[..(end + 1)].Contains(label, StringComparison.Ordinal))
                continue;
            sum = (sum ?? 0) + Value(rest[(end + 1)..]);
        }

        return sum;
    }

    /// <summary>The names of all metrics in the text, for a message about one that is missing.</summary>
    public static IReadOnlyList<string> Names(string text) =>
        [.. text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('{', ' ')[0]).Distinct(StringComparer.Ordinal)];

    /// <summary>A sample is a value and, after a blank, perhaps a time.</summary>
    private static double Value(ReadOnlySpan<char> sample)
    {
        sample = sample.Trim();
        var blank = sample.IndexOf(' ');
        return double.Parse(blank < 0 ? sample : sample[..blank], CultureInfo.InvariantCulture);
    }
}
