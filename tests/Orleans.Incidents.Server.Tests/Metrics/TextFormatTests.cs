using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Incidents.Server.Tests.Metrics;

/// <summary>Whole answers in Prometheus text 0.0.4.</summary>
public class TextFormatTests
{
    private const string Scope = "otel_scope_name=\"M\",otel_scope_version=\"1.2\"";

    [Fact]
    public async Task Nothing_measured_and_no_resource_is_an_empty_answer()
    {
        await using var host = await MetricsHost.StartAsync();

        Assert.Equal("", await host.TextAsync());
    }

    [Fact]
    public async Task The_resource_is_target_info()
    {
        await using var host = await MetricsHost.StartAsync(resource: [new("service.name", "incidents"), new("n", 3L)]);

        Assert.Equal("# TYPE target_info gauge\n# HELP target_info Target metadata\ntarget_info{service_name=\"incidents\",n=\"3\"} 1\n", await host.TextAsync());
    }

    [Fact]
    public async Task A_counter_has_its_unit_then_total_in_family_and_sample()
    {
        await using var host = await MetricsHost.StartAsync();
        var counter = host.Meter.CreateCounter<double>("intake.body", "By", "Bytes \"read\"\nin \\ all");
        counter.Add(100.17, new("format", "native"), new("ok", true));
        counter.Add(1, new("format", "native"), new("ok", true));

        Assert.Equal($$"""
            # TYPE intake_body_bytes_total counter
            # HELP intake_body_bytes_total Bytes "read"\nin \\ all
            intake_body_bytes_total{{{Scope}},format="native",ok="true"} 101.17

            """, await host.TextAsync());
    }

    [Fact]
    public async Task Up_down_counters_and_gauges_are_gauges()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateUpDownCounter<long>("b.open", "{incident}").Add(-2);
        host.Meter.CreateGauge<double>("a.ratio", "1").Record(0.1);
        host.Meter.CreateObservableUpDownCounter("c.queue", () => 7L);
        host.Meter.CreateObservableGauge("d.age", () => double.PositiveInfinity, "s");
        host.Meter.CreateObservableCounter("e.turns", () => long.MaxValue);

        Assert.Equal($$"""
            # TYPE a_ratio gauge
            a_ratio{{{Scope}}} 0.1
            # TYPE b_open gauge
            b_open{{{Scope}}} -2
            # TYPE c_queue gauge
            c_queue{{{Scope}}} 7
            # TYPE d_age_seconds gauge
            d_age_seconds{{{Scope}}} +Inf
            # TYPE e_turns_total counter
            e_turns_total{{{Scope}}} 9223372036854775807

            """, await host.TextAsync());
    }

    [Fact]
    public async Task A_histogram_has_cumulative_buckets_sum_and_count()
    {
        await using var host = await MetricsHost.StartAsync();
        var histogram = host.Meter.CreateHistogram("flush", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [-1, 0.005, 1000000] });
        foreach (var value in new[] { -2, 0.001, 0.005, 5, 1e7 })
            histogram.Record(value, new KeyValuePair<string, object?>("le", "taken"));

        Assert.Equal($$"""
            # TYPE flush_seconds histogram
            flush_seconds_bucket{{{Scope}},le="-1"} 1
            flush_seconds_bucket{{{Scope}},le="0.005"} 3
            flush_seconds_bucket{{{Scope}},le="1000000"} 4
            flush_seconds_bucket{{{Scope}},le="+Inf"} 5
            flush_seconds_sum{{{Scope}}} 10000003.006
            flush_seconds_count{{{Scope}}} 5

            """, await host.TextAsync());
    }

    [Fact]
    public async Task An_exponential_histogram_is_left_out()
    {
        await using var host = await MetricsHost.StartAsync(b => b.AddView("flush", new Base2ExponentialBucketHistogramConfiguration()));
        host.Meter.CreateHistogram<double>("flush").Record(1);
        host.Meter.CreateCounter<long>("turns").Add(1);

        Assert.Equal($"# TYPE turns_total counter\nturns_total{{{Scope}}} 1\n", await host.TextAsync());
    }

    [Fact]
    public async Task One_name_from_two_instruments_is_one_family_with_the_first_description()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateCounter<long>("a.b").Add(1);
        host.Meter.CreateCounter<long>("a_b", null, "Said here").Add(2);

        Assert.Equal($$"""
            # TYPE a_b_total counter
            # HELP a_b_total Said here
            a_b_total{{{Scope}}} 1
            a_b_total{{{Scope}}} 2

            """, await host.TextAsync());
    }

    [Fact]
    public async Task One_name_with_two_types_is_left_out_and_the_rest_stays()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateCounter<long>("a_total").Add(1);
        host.Meter.CreateGauge<long>("a.total").Record(1);
        host.Meter.CreateGauge<long>("b").Record(1);

        Assert.Equal($"# TYPE b gauge\nb{{{Scope}}} 1\n", await host.TextAsync());
    }

    [Fact]
    public async Task The_meters_tags_and_schema_are_scope_labels_and_cannot_pose_as_its_name()
    {
        var options = new MeterOptions("M")
        {
            TelemetrySchemaUrl = "https://schema",
            Tags = [new("team-x", 1), new("name", "forged"), new("version", "forged")],
        };
        await using var host = await MetricsHost.StartAsync(meter: options);
        host.Meter.CreateGauge<long>("g").Record(1);

        Assert.Equal("# TYPE g gauge\ng{otel_scope_name=\"M\",otel_scope_schema_url=\"https://schema\",otel_scope_team_x=\"1\"} 1\n", await host.TextAsync());
    }

    [Fact]
    public async Task Sums_are_cumulative_over_scrapes()
    {
        await using var host = await MetricsHost.StartAsync();
        var counter = host.Meter.CreateCounter<long>("turns");
        counter.Add(1);
        await host.TextAsync();
        counter.Add(1);

        Assert.EndsWith(" 2\n", await host.TextAsync());
    }
}
