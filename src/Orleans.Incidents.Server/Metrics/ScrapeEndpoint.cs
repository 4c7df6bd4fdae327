using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Incidents.Server.Metrics;

/// <summary>Answers a scrape over HTTP: 200 with the text, 408 when the scraper's own time-out has passed, 500 when collecting failed.</summary>
internal sealed class ScrapeEndpoint(PrometheusExporter exporter, TimeProvider time)
{
    private const string TimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <summary>What the API's description knows an address of this kind by.</summary>
    public static System.Reflection.MethodInfo Handler { get; } = typeof(ScrapeEndpoint).GetMethod(nameof(InvokeAsync))!;

    public async Task InvokeAsync(HttpContext context)
    {
        var (headers, response) = (context.Request.GetTypedHeaders(), context.Response);
        try
        {
            var scrape = await exporter.Scrapes.Current().WaitAsync(TimeoutOf(context.Request), time, context.RequestAborted);
            if (scrape is null)
                response.StatusCode = StatusCodes.Status500InternalServerError;
            else
                await WriteAsync(response, scrape, ScrapeFormat.Negotiate(headers.Accept), AcceptsGzip(headers), context.RequestAborted);
        }
        catch (TimeoutException) when (!response.HasStarted)
        {
            response.StatusCode = StatusCodes.Status408RequestTimeout;
        }
    }

    private static async Task WriteAsync(HttpResponse response, Scrape scrape, ScrapeFormat format, bool gzip, CancellationToken cancel)
    {
        var body = format.OpenMetrics ? scrape.OpenMetrics : scrape.Text;
        if (body.Length == 0)
            return;
        response.ContentType = format.ContentType;
        response.Headers.LastModified = scrape.At.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (gzip)
        {
            response.Headers.ContentEncoding = "gzip";
            await using var stream = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await stream.WriteAsync(body, cancel);
        }
        else
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, cancel);
        }
    }

    /// <summary>How long the scraper waits, as it says; without end when it does not, or says nothing sensible.</summary>
    private static TimeSpan TimeoutOf(HttpRequest request) =>
        double.TryParse(request.Headers[TimeoutHeader], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds >= 0.001 && seconds <= s_longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : Timeout.InfiniteTimeSpan;

    private static bool AcceptsGzip(RequestHeaders headers) =>
        headers.AcceptEncoding.Any(e => e.Quality is not 0 && e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));
}
