using System.Text;

namespace Incidents.Server.Metrics.Format;

/// <summary>Units of OpenTelemetry (UCUM) as Prometheus' names spell them: <c>By/s</c> is <c>bytes_per_second</c>.</summary>
internal static class MetricUnit
{
    private static readonly Dictionary<string, string> s_words = new()
    {
        ["d"] = "days", ["h"] = "hours", ["min"] = "minutes", ["s"] = "seconds",
        ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds",
        ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["GiBy"] = "gibibytes", ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes", ["MBy"] = "megabytes", ["GBy"] = "gigabytes", ["TBy"] = "terabytes",
        ["B"] = "bytes", ["KB"] = "kilobytes", ["MB"] = "megabytes", ["GB"] = "gigabytes", ["TB"] = "terabytes",
        ["m"] = "meters", ["V"] = "volts", ["A"] = "amperes", ["J"] = "joules", ["W"] = "watts", ["g"] = "grams",
        ["Cel"] = "celsius", ["Hz"] = "hertz", ["%"] = "percent", ["$"] = "dollars", ["1"] = "",
    };

    private static readonly Dictionary<string, string> s_perWords = new()
    {
        ["s"] = "second", ["m"] = "minute", ["h"] = "hour", ["d"] = "day", ["w"] = "week", ["mo"] = "month", ["y"] = "year",
    };

    /// <summary>The word for a unit; empty for a plain number (<c>1</c>, <c>{alert}</c>) and for no unit at all.</summary>
    public static string Word(string unit)
    {
        var bare = WithoutAnnotations(unit);
        var slash = bare.IndexOf('/');
        var word = slash < 0 || slash == bare.Length - 1
            ? s_words.GetValueOrDefault(bare, bare)
            : s_words.GetValueOrDefault(bare[..slash], bare[..slash]) + "_per_" + s_perWords.GetValueOrDefault(bare[(slash + 1)..], bare[(slash + 1)..]);
        return MetricName.Collapse(word).Trim('_');
    }

    /// <summary>What a unit says in braces is a remark: <c>{alert}</c> counts alerts and is no unit.</summary>
    private static string WithoutAnnotations(string unit)
    {
        var kept = new StringBuilder();
        var rest = unit.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open && rest[open..].IndexOf('}') is >= 0 and var length)
        {
            kept.Append(rest[..open]);
            rest = rest[(open + length + 1)..];
        }

        return kept.Append(rest).ToString();
    }
}
