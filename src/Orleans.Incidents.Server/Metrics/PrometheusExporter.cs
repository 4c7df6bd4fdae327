using System.Runtime.CompilerServices;
using Incidents.Server.Metrics.Format;
using OpenTelemetry;
using OpenTelemetry.Metrics;

[assembly: InternalsVisibleTo("Orleans.Incidents.Server.Tests")]

namespace Incidents.Server.Metrics;

/// <summary>One collection, in both formats: a point can be read during the collection only, and either may be asked for.</summary>
internal sealed record Scrape(byte[] Text, byte[] OpenMetrics, DateTimeOffset At, long Stamp);

/// <summary>The pull exporter behind the endpoint: a collection of the SDK's reader ends in its <see cref="Export"/>.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    // The SDK does not tell which exporter a provider has, but an exporter knows its provider.
    private static readonly List<WeakReference<PrometheusExporter>> s_all = [];
    private readonly TimeProvider _time;
    private Scrape? _last;

    public PrometheusExporter(PrometheusOptions options, TimeProvider time)
    {
        _time = time;
        Scrapes = new SharedScrape(CollectOnce, TimeSpan.FromMilliseconds(options.ScrapeResponseCacheDurationMilliseconds), time);
        lock (s_all)
        {
            s_all.RemoveAll(known => !known.TryGetTarget(out _));
            s_all.Add(new WeakReference<PrometheusExporter>(this));
        }
    }

    public SharedScrape Scrapes { get; }

    /// <summary>Set by the reader.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The exporter of a provider; <see langword="null"/> when it has none of this kind.</summary>
    public static PrometheusExporter? Of(MeterProvider provider)
    {
        lock (s_all)
        {
            foreach (var known in s_all)
            {
                if (known.TryGetTarget(out var exporter) && ReferenceEquals(exporter.ParentProvider, provider))
                    return exporter;
            }
        }

        return null;
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var metrics = new List<Metric>();
        foreach (var metric in batch)
            metrics.Add(metric);
        var resource = ParentProvider.GetResource();
        _last = new Scrape(
            Exposition.Render(metrics, resource, openMetrics: false),
            Exposition.Render(metrics, resource, openMetrics: true),
            _time.GetUtcNow(),
            _time.GetTimestamp());
        return ExportResult.Success;
    }

    /// <summary>Runs one at a time, as <see cref="SharedScrape"/> sees to. The SDK reports what an instrument threw.</summary>
    private Scrape? CollectOnce()
    {
        _last = null;
        return Collect?.Invoke(Timeout.Infinite) == true ? _last : null;
    }
}
