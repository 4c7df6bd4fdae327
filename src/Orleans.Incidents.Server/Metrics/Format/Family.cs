using OpenTelemetry.Metrics;

namespace Incidents.Server.Metrics.Format;

/// <summary>Metrics that share a name, and so one <c># TYPE</c>.</summary>
internal sealed record Family(MetricName Name, string Type, string Unit, string Help, IReadOnlyList<Metric> Metrics)
{
    /// <summary>
    /// The families of a collection in the order of their names, within one by meter and instrument. The first unit and the
    /// first description count. A name with two types is left out whole, since neither would be right; exponential histograms
    /// are left out because the text formats cannot express them.
    /// </summary>
    public static IEnumerable<Family> Of(IReadOnlyList<Metric> metrics, bool openMetrics) =>
        metrics
            .Where(m => m.MetricType != MetricType.ExponentialHistogram)
            .Select(m => One(m, openMetrics))
            .GroupBy(f => f.Name.Family)
            .Where(same => same.Select(f => f.Type).Distinct().Count() == 1)
            .OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => Merge([.. same]));

    public bool IsCounter => Type == "counter";

    private static Family One(Metric metric, bool openMetrics)
    {
        var (type, unit) = (TypeOf(metric.MetricType), MetricUnit.Word(metric.Unit ?? ""));
        var name = MetricName.Of(metric.Name, unit, type == "counter", openMetrics);
        return new Family(name, type, unit, metric.Description ?? "", [metric]);
    }

    private static Family Merge(List<Family> same) => same[0] with
    {
        Unit = same.Select(f => f.Unit).FirstOrDefault(u => u.Length > 0, ""),
        Help = same.Select(f => f.Help).FirstOrDefault(h => h.Length > 0, ""),
        Metrics = [.. same.SelectMany(f => f.Metrics).OrderBy(m => m.MeterName, StringComparer.Ordinal).ThenBy(m => m.Name, StringComparer.Ordinal)],
    };

    private static string TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.LongGauge or MetricType.DoubleGauge => "gauge",
        MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
        MetricType.Histogram => "histogram",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "unknown metric type"),
    };
}
