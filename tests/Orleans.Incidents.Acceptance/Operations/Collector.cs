using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Incidents.Acceptance.Operations;

/// <summary>A span as it arrived.</summary>
internal sealed record ArrivedSpan(
    string Service, string Trace, string Id, string Parent, string Name, int Kind, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<(string Trace, string Id)> Links)
{
    public string? this[string tag] => Tags.GetValueOrDefault(tag);

    public override string ToString() => $"{Name} {Trace}/{Parent}>{Id} {string.Join(' ', Tags)} links {string.Join(' ', Links)}";
}

/// <summary>An OTLP collector over HTTP and protobuf on a loopback port, which decodes what it gets.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ArrivedSpan> _spans = [];
    private readonly ConcurrentDictionary<string, bool> _metrics = [];
    private readonly ConcurrentDictionary<string, bool> _keys = [];

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/traces", http => TakeAsync(http, Traces));
        _app.MapPost("/v1/metrics", http => TakeAsync(http, Metrics));
    }

    public string Url => _app.Urls.First();

    public IReadOnlyCollection<ArrivedSpan> Spans => _spans;

    public ICollection<string> MetricNames => _metrics.Keys;

    /// <summary>The values of the header x-key that senders showed.</summary>
    public ICollection<string> Keys => _keys.Keys;

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Waits for a span.</summary>
    public Task<ArrivedSpan> SpanAsync(string what, Func<ArrivedSpan, bool> isIt) =>
        Eventually.GetAsync($"{what} among {string.Join("\n", _spans)}", () => Task.FromResult(_spans.FirstOrDefault(isIt)));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http, Action<Protobuf> read)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        _keys.TryAdd(http.Request.Headers["x-key"].ToString(), true);
        read(new Protobuf(body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }

    private void Traces(Protobuf request)
    {
        foreach (var resource in request.Messages(1))
        {
            var service = Tags(resource.Messages(1).Single(), 1)["service.name"];
            foreach (var span in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
            {
                _spans.Enqueue(new ArrivedSpan(
                    service, span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Number(6), Tags(span, 9), [.. span.Messages(13).Select(l => (l.Hex(1), l.Hex(2)))]));
            }
        }
    }

    private void Metrics(Protobuf request)
    {
        foreach (var metric in request.Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
            _metrics.TryAdd(metric.Text(1), true);
    }

    private static Dictionary<string, string> Tags(Protobuf owner, int number) =>
        owner.Messages(number).ToDictionary(kv => kv.Text(1), kv => Value(kv.Messages(2).Single()), StringComparer.Ordinal);

    private static string Value(Protobuf any) =>
        any.Has(1) ? any.Text(1)
        : any.Has(5) ? string.Join(' ', any.Messages(5).Single().Messages(1).Select(Value))
        : ((long)any.Number(3)).ToString(CultureInfo.InvariantCulture);
}
