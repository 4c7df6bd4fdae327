using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Incidents.Server.Metrics.Format;

/// <summary>
/// Writes a collection as Prometheus text 0.0.4 or OpenMetrics 1.0.0, with the names, the order and the labels of
/// OpenTelemetry.Exporter.Prometheus.AspNetCore 1.18.0-beta.1, so that a change to that package renames no series.
/// </summary>
internal sealed class Exposition
{
    private static readonly string[] s_scopeNames = ["otel_scope_name", "otel_scope_version", "otel_scope_schema_url"];
    private readonly StringBuilder _out = new();
    private readonly bool _openMetrics;

    private Exposition(bool openMetrics) => _openMetrics = openMetrics;

    /// <summary>The whole answer in UTF-8; half of a character pair becomes the replacement character.</summary>
    public static byte[] Render(IReadOnlyList<Metric> metrics, Resource resource, bool openMetrics)
    {
        var exposition = new Exposition(openMetrics);
        exposition.Target(resource);
        foreach (var family in Family.Of(metrics, openMetrics))
            exposition.Write(family);
        if (openMetrics)
            exposition.Line("# EOF");
        return Encoding.UTF8.GetBytes(exposition._out.ToString());
    }

    private void Target(Resource resource)
    {
        var labels = new Labels();
        foreach (var (key, value) in resource.Attributes)
            labels.Add(key, value);
        if (labels.Count == 0)
            return;
        var (name, type) = _openMetrics ? ("target", "info") : ("target_info", "gauge");
        Line($"# TYPE {name} {type}");
        Line($"# HELP {name} Target metadata");
        Line($"target_info{{{labels.ToText()}}} 1");
    }

    private void Write(Family family)
    {
        Line($"# TYPE {family.Name.Family} {family.Type}");
        if (_openMetrics && family.Unit.Length > 0)
            Line($"# UNIT {family.Name.Family} {family.Unit}");
        if (family.Help.Length > 0)
            Line($"# HELP {family.Name.Family} {Labels.Escape(family.Help, quotes: _openMetrics)}");
        foreach (var metric in family.Metrics)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                if (metric.MetricType == MetricType.Histogram)
                    Histogram(family, metric, point);
                else
                    Number(family, metric, point);
            }
        }
    }

    private void Number(Family family, Metric metric, in MetricPoint point)
    {
        var labels = LabelsOf(metric, point);
        var value = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => $"{point.GetSumLong()}",
            MetricType.LongGauge => $"{point.GetGaugeLastValueLong()}",
            MetricType.DoubleGauge => Numbers.Value(point.GetGaugeLastValueDouble()),
            _ => Numbers.Value(point.GetSumDouble()),
        };
        var exemplar = _openMetrics && family.IsCounter
            ? Exemplars.Latest(point, double.NegativeInfinity, double.PositiveInfinity, metric.MetricType == MetricType.LongSum)
            : "";
        Line($"{family.Name.Sample}{{{labels}}} {value}{exemplar}");
        if (family.IsCounter)
            Created(family, labels, point);
    }

    private void Histogram(Family family, Metric metric, in MetricPoint point)
    {
        var (name, labels) = (family.Name.Family, LabelsOf(metric, point, "le"));
        var (total, previous, negative) = (0L, double.NegativeInfinity, false);
        foreach (var bucket in point.GetHistogramBuckets())
        {
            total += bucket.BucketCount;
            negative |= bucket.ExplicitBound < 0;
            var bound = _openMetrics ? Numbers.Canonical(bucket.ExplicitBound) : Numbers.Value(bucket.ExplicitBound);
            var exemplar = _openMetrics ? Exemplars.Latest(point, previous, bucket.ExplicitBound, whole: false) : "";
            Line($"{name}_bucket{{{labels},le=\"{bound}\"}} {total}{exemplar}");
            previous = bucket.ExplicitBound;
        }

        // OpenMetrics: a sum that could fall is no sum of a histogram, and without it there is no count.
        if (!_openMetrics || !negative)
        {
            Line($"{name}_sum{{{labels}}} {Numbers.Value(point.GetHistogramSum())}");
            Line($"{name}_count{{{labels}}} {point.GetHistogramCount()}");
        }

        Created(family, labels, point);
    }

    private void Created(Family family, string labels, in MetricPoint point)
    {
        if (_openMetrics)
            Line($"{family.Name.Family}_created{{{labels}}} {Numbers.UnixSeconds(point.StartTime)}");
    }

    /// <summary>The meter as labels, then the point's own. Never empty, because every meter has a name label.</summary>
    private static string LabelsOf(Metric metric, in MetricPoint point, params ReadOnlySpan<string> reserved)
    {
        var labels = new Labels().Add(s_scopeNames[0], metric.MeterName);
        if (!string.IsNullOrEmpty(metric.MeterVersion))
            labels.Add(s_scopeNames[1], metric.MeterVersion);
        if (!string.IsNullOrEmpty(metric.MeterSchemaUrl))
            labels.Add(s_scopeNames[2], metric.MeterSchemaUrl);
        foreach (var (key, value) in metric.MeterTags ?? [])
            labels.AddAs(key, Labels.Clean($"otel_scope_{key}"), value, s_scopeNames);
        foreach (var (key, value) in point.Tags)
            labels.Add(key, value, reserved);
        return labels.ToText();
    }

    private void Line(string text) => _out.Append(text).Append('\n');
}
