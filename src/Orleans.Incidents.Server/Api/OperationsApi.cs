using Incidents.Audit;
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
        app.MapGet("/healthz", () => TypedResults.Text("alive\n")).ExcludeFromDescription();
        app.MapGet("/readyz", (Runtime runtime) => Ready(runtime)).ExcludeFromDescription();
        app.MapOpenApi("/openapi/{documentName}.json");
        if (options.Metrics == MetricsAccess.Off)
            return;
        var metrics = app.MapPrometheusScrapingEndpoint();
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
