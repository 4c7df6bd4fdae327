using System.IO.Compression;
using System.Net;
using System.Text;
using Incidents.Server.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Incidents.Server.Tests.Metrics;

public class ScrapeEndpointTests
{
    [Fact]
    public async Task A_scrape_says_its_format_its_time_and_that_it_varies()
    {
        await using var host = await MetricsHost.StartAsync(time: new ManualTime());
        host.Meter.CreateGauge<long>("g").Record(1);

        using var response = await host.GetAsync(("Accept", "application/openmetrics-text;version=1.0.0"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores", Assert.Single(response.Content.Headers.GetValues("Content-Type")));
        Assert.Equal("Sun, 01 Mar 2026 12:00:00 GMT", Assert.Single(response.Content.Headers.GetValues("Last-Modified")));
        Assert.Equal("Accept-Encoding", Assert.Single(response.Headers.Vary));
        Assert.EndsWith("# EOF\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_browser_gets_plain_text()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateGauge<long>("g").Record(1);

        using var response = await host.GetAsync(("Accept", "text/html,*/*;q=0.8"));

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", Assert.Single(response.Content.Headers.GetValues("Content-Type")));
    }

    [Fact]
    public async Task Gzip_is_used_where_it_is_accepted()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateGauge<long>("g").Record(1);

        using var packed = await host.GetAsync(("Accept-Encoding", "gzip"));
        using var refused = await host.GetAsync(("Accept-Encoding", "gzip;q=0"));

        Assert.Equal("gzip", Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.Empty(refused.Content.Headers.ContentEncoding);
        await using var stream = new GZipStream(await packed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Assert.Equal(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_collection_that_takes_longer_than_the_scraper_waits_is_a_408()
    {
        var time = new ManualTime();
        using var release = new ManualResetEventSlim();
        await using var host = await MetricsHost.StartAsync(time: time);
        host.Meter.CreateObservableGauge("slow", () =>
        {
            release.Wait();
            return 1L;
        });

        var scrape = host.GetAsync(("X-Prometheus-Scrape-Timeout-Seconds", "10"));
        (await time.FirstTimer)();
        using var response = await scrape;
        release.Set();

        Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
    }

    [Fact]
    public async Task A_collection_that_fails_is_a_500_and_the_next_one_may_succeed()
    {
        var broken = new Broken();
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateGauge<long>("g").Record(1, new KeyValuePair<string, object?>("k", broken));

        using var failed = await host.GetAsync();
        broken.Text = "mended";
        using var mended = await host.GetAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, mended.StatusCode);
    }

    [Fact]
    public async Task An_instrument_that_throws_does_not_take_the_others_down()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateObservableGauge("bad", Throw);
        host.Meter.CreateGauge<long>("good").Record(1);

        var text = await host.TextAsync();

        Assert.Contains("good{", text);
        Assert.DoesNotContain("bad{", text);
    }

    [Fact]
    public async Task Mapping_a_provider_without_the_exporter_says_what_is_missing()
    {
        using var provider = Sdk.CreateMeterProviderBuilder().Build();
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var error = Assert.Throws<ArgumentException>(() => { app.MapPrometheusScrapingEndpoint(meterProvider: provider); });

        Assert.Contains("AddPrometheusExporter", error.Message);
    }

    [Fact]
    public async Task A_disabled_SDK_is_scraped_with_nothing()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_SDK_DISABLED", "true")]).Build();
        await using var host = await MetricsHost.StartAsync(b => b.ConfigureServices(s => s.AddSingleton<IConfiguration>(settings)));
        host.Meter.CreateGauge<long>("g").Record(1);

        Assert.Equal("", await host.TextAsync());
    }

    private static long Throw() => throw new InvalidOperationException("bad instrument");

    private sealed class Broken
    {
        public string? Text { get; set; }

        public override string ToString() => Text ?? throw new InvalidOperationException("broken");
    }
}
