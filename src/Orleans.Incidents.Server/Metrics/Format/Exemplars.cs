using System.Globalization;
using OpenTelemetry.Metrics;

namespace Incidents.Server.Metrics.Format;

/// <summary>Exemplars as OpenMetrics appends them to a line: <c> # {trace_id="…",span_id="…"} 0.2 1700000000.5</c>.</summary>
internal static class Exemplars
{
    private const int MaxLabelRunes = 128;

    /// <summary>The latest exemplar whose value lies above one bound and up to another; empty when there is none.</summary>
    public static string Latest(in MetricPoint point, double above, double upTo, bool whole)
    {
        if (!point.TryGetExemplars(out var exemplars))
            return "";
        var (text, latest) = ("", DateTimeOffset.MinValue);
        foreach (ref readonly var exemplar in exemplars)
        {
            var value = whole ? exemplar.LongValue : exemplar.DoubleValue;
            if (exemplar.Timestamp < latest || !(value > above || double.IsNegativeInfinity(above)) || !(value <= upTo))
                continue;
            (text, latest) = (ToText(exemplar, whole), exemplar.Timestamp);
        }

        return text;
    }

    private static string ToText(in Exemplar exemplar, bool whole)
    {
        var labels = new Labels();
        if (exemplar.TraceId != default)
            labels.Add("trace_id", exemplar.TraceId.ToHexString());
        if (exemplar.SpanId != default)
            labels.Add("span_id", exemplar.SpanId.ToHexString());
        foreach (var tag in exemplar.FilteredTags)
            labels.Add(tag.Key, tag.Value, "trace_id", "span_id");
        var value = whole ? exemplar.LongValue.ToString(CultureInfo.InvariantCulture) : Numbers.Value(exemplar.DoubleValue);
        return $" # {{{labels.ToText(MaxLabelRunes)}}} {value} {Numbers.UnixSeconds(exemplar.Timestamp)}";
    }
}
