using Incidents.Audit;
using Incidents.Server.Api.Description;
using Incidents.Server.Configuration;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Metrics;

namespace Incidents.Server.Api;

/// <summary>Health, readiness, metrics, the API's description.</summary>
internal static class OperationsApi
{
    public static void Map(WebApplication app, ServerOptions options)
    {
        app.MapGet("/healthz", () => TypedResults.Text("alive\n")).WithTags("operations").DescribeText("text/plain", "The process lives", Access.Anyone);
        app.MapGet("/readyz", (Runtime runtime) => Ready(runtime)).WithTags("operations").DescribeText("text/plain", "It accepts, stores and lists", Access.Anyone, Reason.Overloaded, Reason.Standby);
        app.MapOpenApi("/openapi/v1.json");
        if (options.Metrics == MetricsAccess.Off)
            return;
        var metrics = app.MapPrometheusScrapingEndpoint().WithTags("operations");
        metrics.WithMetadata(ScrapeEndpoint.Handler).DescribeText("text/plain", "Measurements for Prometheus; docs/operations.md has their list", options.Metrics == MetricsAccess.Token ? Access.Operator : Access.Anyone);
        if (options.Metrics == MetricsAccess.Token)
        {
            metrics.AddEndpointFilter(async (context, next) =>
            {
                context.HttpContext.RequestServices.GetRequiredService<Credentials>().Operator(context.HttpContext);
                return await next(context);
            });
        }
    }

    private static IResult Ready(Runtime runtime) => runtime.Unready is { } why ? Problems.Result(Reason.Overloaded, why) : TypedResults.Text("ready\n");
}
