using System.Diagnostics;
using Incidents.Engine.Tracing;
using Incidents.Identities;

namespace Incidents.Server.Telemetry;

/// <summary>
/// One span a request, which continues the caller's W3C trace context. Named by the route: paths and queries may hold a token
/// and are in no span. Without a listener nothing is made, not even for a caller that sends a context.
/// </summary>
internal static class RequestSpans
{
    private const int MaxReceipts = 50;

    public static void Use(WebApplication app) => app.Use((http, next) =>
        Spans.Source.HasListeners() && RouteOf(http) is { } route ? TracedAsync(http, route, next) : next(http));

    /// <summary>Says what an intake request held; where nobody listens this is one look at a field.</summary>
    public static void Took(string identity, IntegrationDefinition integration, int alerts, int repeats, IReadOnlyList<string> receipts)
    {
        if (!Spans.Source.HasListeners() || Activity.Current is not { Recorded: true } span)
            return;
        span.SetTag("incidents.identity", identity);
        span.SetTag("incidents.integration", integration.Id);
        span.SetTag("incidents.format", integration.Format);
        span.SetTag("incidents.alerts", alerts);
        span.SetTag("incidents.repeats", repeats);
        span.SetTag("incidents.receipts", receipts.Take(MaxReceipts).ToArray());
    }

    private static async Task TracedAsync(HttpContext http, string route, RequestDelegate next)
    {
        // A context that cannot be read is no context, as W3C says.
        _ = ActivityContext.TryParse(http.Request.Headers.TraceParent, http.Request.Headers.TraceState, isRemote: true, out var caller);
        using var span = Spans.Source.StartActivity($"{http.Request.Method} {route}", ActivityKind.Server, caller);
        if (span is not { Recorded: true })
        {
            await next(http);
            return;
        }

        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", route);
        try
        {
            await next(http);
        }
        finally
        {
            span.SetTag("http.response.status_code", http.Response.StatusCode);
            if (http.Response.StatusCode >= 500)
                span.SetStatus(ActivityStatusCode.Error);
        }
    }

    // Scrapes, probes and the page's own files would bury what matters.
    private static string? RouteOf(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } && (route.StartsWith("/api", StringComparison.Ordinal) || route.StartsWith("/integrations", StringComparison.Ordinal) || route.StartsWith("/v2", StringComparison.Ordinal))
            ? route
            : null;
}
