using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Incidents.Server.Metrics;

/// <summary>Settings of the exporter, named as in OpenTelemetry.Exporter.Prometheus.AspNetCore.</summary>
public sealed class PrometheusOptions
{
    /// <summary>How long the result of a scrape answers later ones; 0: not at all.</summary>
    /// <value>300.</value>
    public int ScrapeResponseCacheDurationMilliseconds { get; set; } = 300;
}

/// <summary>
/// <c>/metrics</c> over OpenTelemetry's own SDK reader. The two methods have the names and the meaning of those in
/// OpenTelemetry.Exporter.Prometheus.AspNetCore: where that package can be had, it takes over when the <c>using</c> of this
/// namespace is removed, and no series changes its name.
/// </summary>
public static class PrometheusExporterExtensions
{
    /// <summary>Adds a reader that collects when it is scraped, with cumulative sums.</summary>
    /// <param name="builder">The meter provider's builder.</param>
    /// <param name="configure">Changes the settings.</param>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder, Action<PrometheusOptions>? configure = null)
    {
        var options = new PrometheusOptions();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ScrapeResponseCacheDurationMilliseconds, nameof(configure));
        return builder.AddReader(services => new BaseExportingMetricReader(
            new PrometheusExporter(options, services.GetService<TimeProvider>() ?? TimeProvider.System))
        {
            TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
        });
    }

    /// <summary>Maps the scrape address.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">With or without a slash in front.</param>
    /// <param name="meterProvider">Built with <see cref="AddPrometheusExporter"/>; by default the one among the application's services.</param>
    /// <exception cref="ArgumentException">The provider has no such exporter.</exception>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(
        this IEndpointRouteBuilder endpoints, string path = "/metrics", MeterProvider? meterProvider = null)
    {
        var provider = meterProvider ?? endpoints.ServiceProvider.GetRequiredService<MeterProvider>();
        var time = endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System;
        return endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], Handler(provider, time));
    }

    /// <summary>
    /// The provider of a disabled SDK (OTEL_SDK_DISABLED) has neither readers nor a resource; its scrapes are answered with
    /// nothing, since turning telemetry off must not keep the server from starting.
    /// </summary>
    private static RequestDelegate Handler(MeterProvider provider, TimeProvider time)
    {
        if (PrometheusExporter.Of(provider) is { } exporter)
            return new ScrapeEndpoint(exporter, time).InvokeAsync;
        return ReferenceEquals(provider.GetResource(), Resource.Empty)
            ? _ => Task.CompletedTask
            : throw new ArgumentException("the meter provider was built without AddPrometheusExporter", nameof(provider));
    }
}
