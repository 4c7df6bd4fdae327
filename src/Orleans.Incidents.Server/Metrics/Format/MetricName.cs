using System.Text;

namespace Incidents.Server.Metrics.Format;

/// <summary>The names of one metric in one format.</summary>
/// <param name="Family">As <c># TYPE</c>, <c># UNIT</c> and <c># HELP</c> write it, and as suffixes are appended to it.</param>
/// <param name="Sample">As a line of a counter or a gauge writes it.</param>
internal readonly record struct MetricName(string Family, string Sample)
{
    private const string Total = "_total";

    /// <summary>
    /// The instrument's name with what is not a letter, a digit or a colon as one underscore, then the unit unless the name
    /// ends with it, then <c>_total</c> for a counter unless it ends with that. In the Prometheus text format the family of a
    /// counter carries <c>_total</c>, in OpenMetrics it does not.
    /// </summary>
    /// <param name="name">The instrument's name.</param>
    /// <param name="unit">The unit's word, or empty.</param>
    /// <param name="counter">Whether the metric is a counter.</param>
    /// <param name="openMetrics">The format.</param>
    public static MetricName Of(string name, string unit, bool counter, bool openMetrics)
    {
        if (openMetrics)
        {
            // The unit is looked for in the name as it was given, which differs from below for names such as a.per.b.
            var family = Clean(WithUnit(counter ? WithoutTotal(name) : name, unit, unit));
            return counter ? new MetricName(WithoutTotal(family), WithTotal(family)) : new MetricName(family, family);
        }

        var sample = WithUnit(Clean(name), unit, counter ? unit + Total : unit);
        return counter ? new MetricName(WithTotal(sample), WithTotal(sample)) : new MetricName(sample, sample);
    }

    /// <summary>A text with every run of characters that no name may have, underscores included, as one underscore.</summary>
    public static string Collapse(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == ':')
                result.Append(c);
            else if (result.Length == 0 || result[^1] != '_')
                result.Append('_');
        }

        return result.ToString();
    }

    private static string Clean(string name) => Collapse(char.IsAsciiDigit(name[0]) ? "_" + name[1..] : name);

    private static string WithUnit(string name, string unit, string orEnding) =>
        name.EndsWith(unit, StringComparison.Ordinal) || name.EndsWith(orEnding, StringComparison.Ordinal) ? name : $"{name}_{unit}";

    private static string WithTotal(string name) => name.EndsWith(Total, StringComparison.Ordinal) ? name : name + Total;

    private static string WithoutTotal(string name) => name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
}
