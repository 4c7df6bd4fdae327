using Incidents.Audit;
using Incidents.Identities;
using Incidents.Integrations.Intake;
using Incidents.Integrations.Intake.PagerDutyEvents;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Beats;
using Incidents.Server.Edge;

namespace Incidents.Server.Api;

/// <summary>Where alerts come in: our own address, and the addresses that existing senders can point at unchanged.</summary>
internal static class IntakeApi
{
    private const string Receipt = "Incidents-Receipt";

    public static void Map(IEndpointRouteBuilder app)
    {
        var intake = app.MapGroup("").WithMetadata(new IntakeRoute()).WithTags("intake");
        Native(intake.MapPost("/integrations/{integration}/alerts", ByHeaderAsync), "Alerts in the integration's format");
        Native(intake.MapPost("/integrations/{integration}/{token}/alerts", NativeAsync), "The same, for senders that cannot set a header");
        intake.MapPost("/v2/enqueue", (Delegate)PagerDutyAsync)
            .Describe<PagerDutyAnswer>(202, "PagerDuty Events v2; its own answers", Access.Body, Whole).AlsoAnswers<PagerDutyInvalid>(400).Takes<PagerDutyBody>();
        Alertmanager(intake.MapPost("/api/v2/alerts", (Delegate)ByCredentialAsync), "Alertmanager's API; its own answers");
        Alertmanager(intake.MapPost("/integrations/{integration}/{token}/api/v2/alerts", AlertmanagerByPathAsync), "The same, for senders that cannot set a header");
    }

    /// <summary>Why a body may not be understood.</summary>
    public static Reason[] Read { get; } =
        [Reason.Malformed, Reason.TooDeep, Reason.WrongType, Reason.MissingField, Reason.InvalidValue, Reason.EmptyLabels, Reason.TooManyAlerts, Reason.SchemaViolation];

    // Reasons that concern a request as a whole.
    private static Reason[] Whole { get; } = [Reason.TooLarge, Reason.NoRoute, Reason.Unstorable, Reason.OverRequestBudget, Reason.Overloaded];

    private static void Native(IEndpointConventionBuilder route, string summary) => route
        .Describe<TakenAnswer>(202, summary, Access.Sender, [Reason.UnknownIntegration, .. Read, .. Whole])
        .Takes<GenericAlertBody>().Reads("Idempotency-Key", "the sender's own id of this request: the same id again gets the same receipts");

    private static void Alertmanager(IEndpointConventionBuilder route, string summary) => route
        .DescribeText(null, summary, Access.Sender, [Reason.UnknownIntegration, .. Whole])
        .AlsoAnswersText(400, "start time must be before end time").AlsoAnswers<AlertmanagerInvalid>(422).Takes<AlertmanagerBody>();

    private static Task<IResult> ByHeaderAsync(HttpContext http, string integration) => NativeAsync(http, integration, null);

    private static Task<IResult> ByCredentialAsync(HttpContext http) => AlertmanagerAsync(http, null);

    private static Task<IResult> AlertmanagerByPathAsync(HttpContext http, string integration, string token) => AlertmanagerAsync(http, token);

    private static async Task<IResult> NativeAsync(HttpContext http, string integration, string? token)
    {
        var (intake, registry) = Parts(http);
        var principal = http.RequestServices.GetRequiredService<Credentials>().Sender(http, token);
        if (!registry.Catalogue.Integrations.TryGetValue(integration, out var target))
            throw new RefusedException(Reason.UnknownIntegration, $"there is no integration called '{integration}'");
        Allow(principal, target);
        if (target.Heartbeat is not null)
            return await BeatAsync(http, intake, principal, target);
        Taken taken;
        try
        {
            taken = await intake.TakeAsync(http, principal, target, await intake.BodyAsync(http));
        }
        catch (RefusedException refused) when (refused.Reason == Reason.OverRequestBudget && target.Format.StartsWith("alertmanager-webhook", StringComparison.Ordinal))
        {
            // Alertmanager takes 429 for final and drops the notification; 503 it sends again.
            http.Response.Headers.RetryAfter = Problems.Seconds(refused.RetryAfter!.Value);
            return Problems.Result(refused.Reason, refused.Message, refused.RetryAfter, refused.More, status: 503);
        }

        if (taken.Receipts.Count == 0 && taken.Refused.Count > 0)
            return Problems.Result(taken.Refused[0].Reason, taken.Refused[0].Detail, more: new Dictionary<string, object?> { ["refused"] = taken.Refused.Select(Shown) });
        return TypedResults.Json(new { receipts = taken.Receipts, refused = taken.Refused.Select(Shown), note = taken.Note }, Json.Options, statusCode: 202);
    }

    // Whatever is sent here to one that sends heartbeats is one.
    private static async Task<IResult> BeatAsync(HttpContext http, Intake intake, Principal principal, IntegrationDefinition target)
    {
        intake.Charge(principal, target);
        var due = await http.RequestServices.GetRequiredService<Pulses>().BeatAsync(target);
        return TypedResults.Json(new { receipts = Array.Empty<string>(), refused = Array.Empty<object>(), note = $"a heartbeat; the next is due before {due}" }, Json.Options, statusCode: 202);
    }

    private static async Task<IResult> PagerDutyAsync(HttpContext http)
    {
        var (intake, registry) = Parts(http);
        var body = await intake.BodyAsync(http);
        var key = PagerDutyRoutingKey.Read(body);
        var credentials = http.RequestServices.GetRequiredService<Credentials>();
        var principal = credentials.Find(key);
        var target = principal?.Integration ?? (principal is { Identity.MayOperate: true } ? registry.First("pagerduty-events-v2") : null);
        if (principal is null || target is not { Format: "pagerduty-events-v2" })
            return Invalid([key is null ? "'routing_key' is missing or blank" : key.Length != PagerDutyRoutingKey.Length ? "Length of 'routing_key' is incorrect (should be 32 characters)" : "'routing_key' is not one of this server's"]);
        var taken = await intake.TakeAsync(http, principal, target, body);
        if (taken.Receipts.Count == 0)
            return Invalid([.. taken.Refused.Select(r => r.Detail)]);
        http.Response.Headers[Receipt] = taken.Receipts[0];
        return TypedResults.Json(new { status = "success", message = "Event processed", dedup_key = taken.Alerts[0].DedupKey }, Json.Plain, statusCode: 202);
    }

    private static async Task<IResult> AlertmanagerAsync(HttpContext http, string? token)
    {
        const string format = "alertmanager-api-v2-alerts";
        var (intake, registry) = Parts(http);
        var principal = http.RequestServices.GetRequiredService<Credentials>().Sender(http, token);
        var target = principal.Integration ?? registry.First(format) ?? throw new RefusedException(Reason.UnknownIntegration, $"there is no integration of the format {format}");
        Allow(principal, target);
        if (target.Format != format)
            throw new RefusedException(Reason.WrongCredential, $"the credential is the integration {target.Id}'s, whose format is {target.Format}");
        var taken = await intake.TakeAsync(http, principal, target, await intake.BodyAsync(http));
        if (taken.Receipts.Count > 0)
            http.Response.Headers[Receipt] = string.Join(' ', taken.Receipts.Take(50));
        if (taken.Refused.Count == 0)
            return TypedResults.Ok();
        var schema = taken.Refused.FirstOrDefault(r => r.Reason == Reason.SchemaViolation);
        return schema is not null
            ? TypedResults.Json(new { code = 601, message = schema.Detail }, Json.Plain, statusCode: 422)
            : TypedResults.Json(string.Join("; ", taken.Refused.Select(r => r.Detail)), Json.Plain, statusCode: 400);
    }

    /// <summary>
    /// Refuses whom an address is not for: an integration's credential serves that integration only; a person who may operate
    /// may try any of them, and alone asks without one.
    /// </summary>
    public static void Allow(Principal principal, IntegrationDefinition? target)
    {
        if (principal.Integration is { } own ? own.Id != target?.Id : !principal.Identity.MayOperate && principal.Identity.Id != target?.Identity)
            throw new RefusedException(Reason.WrongCredential, $"the credential of {principal.Integration?.Id ?? principal.Identity.Id} is not for {(target is null ? "this" : $"the integration {target.Id}")}");
    }

    private static IResult Invalid(string[] errors) =>
        TypedResults.Json(new { status = "invalid event", message = "Event object is invalid", errors }, Json.Plain, statusCode: 400);

    private static object Shown(Refusal refusal) => new { index = refusal.Index, reason = refusal.Reason.ToString(), detail = refusal.Detail };

    private static (Intake Intake, Registry Registry) Parts(HttpContext http) =>
        (http.RequestServices.GetRequiredService<Intake>(), http.RequestServices.GetRequiredService<Func<Registry>>()());
}
