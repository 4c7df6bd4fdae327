namespace Incidents.Load.Reports;

/// <summary>The middle and both ends of the same number over the rounds.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>Of an even number of values the median is the mean of the middle two.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
            throw new ArgumentException("a spread needs a value", nameof(values));
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>The median and, where they differ, the ends: <c>12,345 (11,900..12,500)</c>.</summary>
    public string Text(string format) => Min == Max
        ? Median.ToString(format)
        : $"{Median.ToString(format)} ({Min.ToString(format)}..{Max.ToString(format)})";
}
