using Incidents.Audit;
using Incidents.Identities;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Beats;
using Incidents.Server.Edge;

namespace Incidents.Server.Api;

/// <summary>Where senders say that they are alive, or that they failed. A request is all it takes: no body is read, and any of three methods will do.</summary>
internal static class HeartbeatApi
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST"];

    public static void Map(IEndpointRouteBuilder app)
    {
        var intake = app.MapGroup("").WithMetadata(new IntakeRoute()).WithTags("intake");
        Describe(intake.MapMethods("/integrations/{integration}/beat", Methods, BeatByHeaderAsync), "A heartbeat: the sender is alive");
        Describe(intake.MapMethods("/integrations/{integration}/{token}/beat", Methods, BeatAsync), "The same, for senders that cannot set a header");
        Describe(intake.MapMethods("/integrations/{integration}/fail", Methods, FailByHeaderAsync), "A heartbeat that says that the sender failed");
        Describe(intake.MapMethods("/integrations/{integration}/{token}/fail", Methods, FailAsync), "The same, for senders that cannot set a header");
    }

    private static void Describe(IEndpointConventionBuilder route, string summary) =>
        route.Describe<BeatAnswer>(summary, Access.Sender, Reason.UnknownIntegration, Reason.OverRequestBudget, Reason.Overloaded, Reason.NoRoute, Reason.Unstorable);

    private static Task<IResult> BeatByHeaderAsync(HttpContext http, string integration) => BeatAsync(http, integration, null);

    private static async Task<IResult> BeatAsync(HttpContext http, string integration, string? token)
    {
        var target = Target(http, integration, token);
        var due = await http.RequestServices.GetRequiredService<Pulses>().BeatAsync(target);
        return TypedResults.Json(new BeatAnswer(target.Id, due.ToString(), null), Json.Options);
    }

    private static Task<IResult> FailByHeaderAsync(HttpContext http, string integration) => FailAsync(http, integration, null);

    private static async Task<IResult> FailAsync(HttpContext http, string integration, string? token)
    {
        var target = Target(http, integration, token);
        var receipt = await http.RequestServices.GetRequiredService<Pulses>().FailAsync(target);
        return TypedResults.Json(new BeatAnswer(target.Id, null, receipt), Json.Options);
    }

    private static IntegrationDefinition Target(HttpContext http, string integration, string? token)
    {
        var principal = http.RequestServices.GetRequiredService<Credentials>().Sender(http, token);
        if (!http.RequestServices.GetRequiredService<Func<Registry>>()().Catalogue.Integrations.TryGetValue(integration, out var target))
            throw new RefusedException(Reason.UnknownIntegration, $"there is no integration called '{integration}'");
        IntakeApi.Allow(principal, target);
        if (target.Heartbeat is null)
            throw new RefusedException(Reason.UnknownIntegration, $"the integration {target.Id} takes {target.Format}, not heartbeats");
        http.RequestServices.GetRequiredService<Intake>().Charge(principal, target);
        return target;
    }
}
