using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Incidents.Server.Tests.Metrics;

/// <summary>Whole answers in OpenMetrics 1.0.0. Times are replaced by T, since the SDK takes them from the machine.</summary>
public class OpenMetricsTests
{
    private const string Scope = "otel_scope_name=\"M\",otel_scope_version=\"1.2\"";

    [Fact]
    public async Task Nothing_measured_is_only_the_end_mark()
    {
        await using var host = await MetricsHost.StartAsync();

        Assert.Equal("# EOF\n", await host.OpenMetricsAsync());
    }

    [Fact]
    public async Task A_counters_family_has_no_total_and_its_samples_have()
    {
        await using var host = await MetricsHost.StartAsync(resource: [new("service.name", "incidents")]);
        host.Meter.CreateCounter<long>("intake.body_total", "By", "Say \"so\"").Add(5, new KeyValuePair<string, object?>("a", "x"));

        Assert.Equal($$"""
            # TYPE target info
            # HELP target Target metadata
            target_info{service_name="incidents"} 1
            # TYPE intake_body_bytes counter
            # UNIT intake_body_bytes bytes
            # HELP intake_body_bytes Say \"so\"
            intake_body_bytes_total{{{Scope}},a="x"} 5
            intake_body_bytes_created{{{Scope}},a="x"} T
            # EOF

            """, Timeless(await host.OpenMetricsAsync()));
    }

    [Fact]
    public async Task A_histogram_has_canonical_bounds_and_a_creation_time()
    {
        await using var host = await MetricsHost.StartAsync();
        var histogram = host.Meter.CreateHistogram("flush", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0, 10, 1000000] });
        histogram.Record(10);

        Assert.Equal($$"""
            # TYPE flush_seconds histogram
            # UNIT flush_seconds seconds
            flush_seconds_bucket{{{Scope}},le="0.0"} 0
            flush_seconds_bucket{{{Scope}},le="10.0"} 1
            flush_seconds_bucket{{{Scope}},le="1e+06"} 1
            flush_seconds_bucket{{{Scope}},le="+Inf"} 1
            flush_seconds_sum{{{Scope}}} 10
            flush_seconds_count{{{Scope}}} 1
            flush_seconds_created{{{Scope}}} T
            # EOF

            """, Timeless(await host.OpenMetricsAsync()));
    }

    [Fact]
    public async Task A_histogram_with_a_negative_bound_has_neither_sum_nor_count()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateHistogram("drift", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [-1, 1] }).Record(0);

        var text = await host.OpenMetricsAsync();

        Assert.Contains("drift_bucket", text);
        Assert.DoesNotContain("drift_sum", text);
        Assert.DoesNotContain("drift_count", text);
    }

    [Fact]
    public async Task Exemplars_follow_the_counter_and_the_bucket_they_belong_to()
    {
        await using var host = await MetricsHost.StartAsync(b => b.SetExemplarFilter(ExemplarFilterType.TraceBased));
        using var activity = new Activity("turn") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        host.Meter.CreateCounter<long>("turns").Add(3);
        host.Meter.CreateHistogram("flush", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] }).Record(1.5);

        var text = Timeless(await host.OpenMetricsAsync());

        var labels = $"{{trace_id=\"{activity.TraceId}\",span_id=\"{activity.SpanId}\"}}";
        Assert.Contains($"turns_total{{{Scope}}} 3 # {labels} 3 T\n", text);
        Assert.Contains($"le=\"1.0\"}} 0\n", text);
        Assert.Contains($"le=\"2.0\"}} 1 # {labels} 1.5 T\n", text);
        Assert.Contains($"le=\"+Inf\"}} 1\n", text);
        Assert.DoesNotContain(" # {", await host.TextAsync());
    }

    /// <summary>A line that ends with a moment of these years ends with T instead.</summary>
    private static string Timeless(string text) => string.Join('\n', text.Split('\n').Select(line =>
    {
        var last = line.LastIndexOf(' ') + 1;
        return double.TryParse(line[last..], out var number) && number is > 1_600_000_000 and < 4_000_000_000 ? line[..last] + "T" : line;
    }));
}
