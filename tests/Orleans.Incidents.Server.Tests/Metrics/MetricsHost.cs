using System.Diagnostics.Metrics;
using Incidents.Server.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Incidents.Server.Tests.Metrics;

/// <summary>A meter, the SDK's provider with the exporter, and a web server on a loopback port with the endpoint.</summary>
internal sealed class MetricsHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private MetricsHost(Meter meter, WebApplication app)
    {
        (Meter, _app) = (meter, app);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public Meter Meter { get; }

    public static async Task<MetricsHost> StartAsync(
        Action<MeterProviderBuilder>? configure = null,
        TimeProvider? time = null,
        MeterOptions? meter = null,
        KeyValuePair<string, object>[]? resource = null)
    {
        var source = new Meter(meter ?? new MeterOptions("test." + Guid.NewGuid().ToString("N")) { Version = "1.2" });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_ => Provider(source, configure, time, resource));
        if (time is not null)
            builder.Services.AddSingleton(time);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPrometheusScrapingEndpoint();
        await app.StartAsync();
        return new MetricsHost(source, app);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Meter.Dispose();
    }

    public Task<HttpResponseMessage> GetAsync(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A scrape in the plain text format, with the meter's random name replaced by M.</summary>
    public Task<string> TextAsync() => BodyAsync("text/plain");

    /// <summary>A scrape in OpenMetrics, with the meter's random name replaced by M.</summary>
    public Task<string> OpenMetricsAsync() => BodyAsync("application/openmetrics-text");

    private async Task<string> BodyAsync(string accept)
    {
        using var response = await GetAsync(("Accept", accept));
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadAsStringAsync()).Replace(Meter.Name, "M");
    }

    private static MeterProvider Provider(
        Meter meter, Action<MeterProviderBuilder>? configure, TimeProvider? time, KeyValuePair<string, object>[]? resource)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meter.Name)
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(resource ?? []))
            .AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0);
        if (time is not null)
            builder.ConfigureServices(services => services.AddSingleton(time));
        configure?.Invoke(builder);
        return builder.Build();
    }
}
