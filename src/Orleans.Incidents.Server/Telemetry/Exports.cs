using Incidents.Engine.Tracing;
using Incidents.Server.Configuration;
using Incidents.Server.Hosting;
using Incidents.Server.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Incidents.Server.Telemetry;

/// <summary>
/// What leaves the process by OpenTelemetry: nothing, unless an endpoint is given here or by OpenTelemetry's own environment
/// variables, all of which hold (protocol, headers, time-outs, service name, sampler, OTEL_SDK_DISABLED).
/// </summary>
internal static class Exports
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    // Of the runtime's own measurements, those that say something at three in the morning.
    private static readonly HashSet<string> OfRuntime =
    [
        "dotnet.process.cpu.time", "dotnet.process.memory.working_set", "dotnet.gc.last_collection.heap.size", "dotnet.gc.last_collection.heap.fragmentation.size",
        "dotnet.gc.pause.time", "dotnet.thread_pool.queue.length", "dotnet.exceptions",
    ];

    /// <summary>The provider of traces; <see langword="null"/>: nobody wants them, and no span is ever made.</summary>
    public static TracerProvider? Traces(ServerOptions options)
    {
        var settings = Settings(options);
        if (!Wanted(settings, "TRACES"))
            return null;
        var builder = Sdk.CreateTracerProviderBuilder().AddSource(Spans.SourceName)
            .ConfigureServices(services => services.AddSingleton(settings)).ConfigureResource(Resource(settings)).AddOtlpExporter();
        if (string.IsNullOrEmpty(settings[Sampler]))
            builder.SetSampler(new ParentBasedSampler(new LinkedSampler(options.TraceRatio)));
        return builder.Build();
    }

    /// <summary>The provider of metrics: always for scrapes, also for a collector where there is one.</summary>
    public static MeterProvider Metrics(ServerOptions options)
    {
        var settings = Settings(options);
        var builder = Sdk.CreateMeterProviderBuilder().AddMeter(Measure.Meter).AddMeter("System.Runtime")
            .AddView(i => i.Meter.Name == "System.Runtime" && !OfRuntime.Contains(i.Name) ? MetricStreamConfiguration.Drop : null)
            .ConfigureServices(services => services.AddSingleton(settings)).ConfigureResource(Resource(settings)).AddPrometheusExporter();
        if (Wanted(settings, "METRICS"))
            builder.AddOtlpExporter();
        return builder.Build();
    }

    // The option is one more place to say what the standard variable says.
    private static IConfiguration Settings(ServerOptions options)
    {
        var more = new Dictionary<string, string?>();
        if (options.OtlpEndpoint is { } endpoint)
            more[Endpoint] = endpoint.ToString();
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Protocol)))
            more[Protocol] = "http/protobuf";
        return new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(more).Build();
    }

    private static bool Wanted(IConfiguration settings, string signal) =>
        settings[$"OTEL_{signal}_EXPORTER"] is not "none"
        && !string.Equals(settings["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && (!string.IsNullOrEmpty(settings[Endpoint]) || !string.IsNullOrEmpty(settings[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]));

    // The standard variables win over what is said here.
    private static Action<ResourceBuilder> Resource(IConfiguration settings) => resource =>
    {
        var named = !string.IsNullOrEmpty(settings["OTEL_SERVICE_NAME"]) || settings["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name", StringComparison.Ordinal) == true;
        if (!named)
            resource.AddService("orleans-incidents", serviceVersion: Program.Version);
    };
}
