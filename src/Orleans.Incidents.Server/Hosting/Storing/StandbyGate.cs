using Incidents.Audit;
using Incidents.Server.Api;
using NodaTime;

namespace Incidents.Server.Hosting;

/// <summary>
/// While another process owns the journal, every address but <c>/healthz</c> says so: whoever asks is to ask the one that serves, or again
/// in a moment.
/// </summary>
internal static class StandbyGate
{
    private const string Waiting = "another process serves this journal; this one stands by and takes over when that one ends";
    private const string Joining = "this process is about to join the cluster; the others serve";

    private static readonly Duration Soon = Duration.FromSeconds(1);

    public static void Use(WebApplication app, Serving serving, bool isSilo) =>
        app.Use((http, next) => serving.IsOpen || http.Request.Path.Equals("/healthz", StringComparison.Ordinal) ? next(http) : Refuse(http, isSilo ? Joining : Waiting));

    private static Task Refuse(HttpContext http, string why)
    {
        http.Response.Headers.RetryAfter = Problems.Seconds(Soon);
        return Problems.Result(Reason.Standby, why, Soon).ExecuteAsync(http);
    }
}
