using Incidents.Audit;
using Incidents.Engine;
using Incidents.Heartbeats;
using Incidents.Identities;
using Incidents.Integrations.Intake.PagerDutyEvents;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Beats;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Preview;

namespace Incidents.Server.Api;

/// <summary>The dry run: what a request to an integration would do, as things stand. It changes nothing and charges nothing.</summary>
internal static class PreviewApi
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    // A preview costs more than an alert: so few run at once that intake does not notice them.
    private static readonly SemaphoreSlim Gate = new(2);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/preview/{format}", (HttpContext http, string format, string? integration) => PreviewAsync(http, format, integration))
            .WithTags("preview").Describe<PreviewAnswer>("What this body with these headers would do, sent to an integration; changes nothing", Access.Sender, [Reason.UnknownIntegration, .. IntakeApi.Read, Reason.TooLarge, Reason.Overloaded])
            .Takes<GenericAlertBody>();

    private static async Task<IResult> PreviewAsync(HttpContext http, string format, string? integration)
    {
        var services = http.RequestServices;
        var (registry, runtime) = (services.GetRequiredService<Func<Registry>>()(), services.GetRequiredService<Runtime>());
        var principal = services.GetRequiredService<Credentials>().OperatorOrSender(http);
        if (!Formats.All.Contains(format))
            return Problems.UnknownFormat(format);
        var body = await services.GetRequiredService<Intake>().BodyAsync(http);
        var notes = new List<string>();
        var target = Target(registry, principal, format, integration, body, notes);
        if (!await EnterAsync(runtime, http.RequestAborted))
            throw new RefusedException(Reason.Overloaded, "other previews are under way", NodaTime.Duration.FromSeconds(1));
        try
        {
            notes.AddRange(InEarnest(target is null ? principal.Identity : registry.Catalogue.Identities[target.Identity], runtime, services.GetRequiredService<Admission>()));
            var now = Time.Now(runtime.Clock);
            var heard = format == HeartbeatRule.Format ? await services.GetRequiredService<Pulses>().HeardAsync(target!) : null;
            var answer = await new Previewer(registry, new LiveStates(runtime), now).PreviewAsync(new PreviewRequest(
                format, body, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), target, principal.Caller, notes) { Heard = heard });
            return Answer(answer);
        }
        catch (TimeoutException)
        {
            throw new RefusedException(Reason.Overloaded, "the engine did not answer in time", NodaTime.Duration.FromSeconds(2));
        }
        finally
        {
            Gate.Release();
        }
    }

    // Where nothing was understood the status is intake's own, and the answer is there all the same.
    private static IResult Answer(PreviewAnswer answer) => answer is { Alerts.Count: 0, Refused: [var first, ..] }
        ? Problems.Result(Enum.Parse<Reason>(first.Reason), first.Detail, more: new Dictionary<string, object?>
        {
            ["alerts"] = answer.Alerts, ["refused"] = answer.Refused, ["routes"] = answer.Routes, ["wouldDo"] = answer.WouldDo, ["notes"] = answer.Notes, ["context"] = answer.Context,
        })
        : TypedResults.Json(answer, Json.Options);

    private static async Task<bool> EnterAsync(Runtime runtime, CancellationToken aborted)
    {
        using var limit = new CancellationTokenSource(MaxWait, runtime.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, aborted);
        try
        {
            await Gate.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return false;
        }
    }

    private static IntegrationDefinition? Target(Registry registry, Principal principal, string format, string? named, ReadOnlyMemory<byte> body, List<string> notes)
    {
        var target = named is null ? Implied(registry, principal, format, body, notes)
            : registry.Catalogue.Integrations.TryGetValue(named, out var known) ? known
            : throw new RefusedException(Reason.UnknownIntegration, $"there is no integration called '{named}'");
        IntakeApi.Allow(principal, target);
        if (format == HeartbeatRule.Format && BeatPreview.NotHeard(target) is { } why)
            throw new RefusedException(Reason.UnknownIntegration, why);
        if (target is null)
            notes.Add($"no integration reads {format}: this is decided as {principal.Identity.Id}, without default labels and with a resolve_timeout of 5m");
        else if (target.Format != format)
            notes.Add($"integration {target.Id} is declared for {target.Format}: sent there, this body would be read so");
        return target;
    }

    private static IntegrationDefinition? Implied(Registry registry, Principal principal, string format, ReadOnlyMemory<byte> body, List<string> notes)
    {
        if (principal.Integration is { } own)
            return own;
        if (format == "pagerduty-events-v2" && PagerDutyRoutingKey.Read(body) is { } key)
        {
            if (registry.Integration(key) is { } meant)
                return meant;
            notes.Add("its routing_key is not one of this server's: sent to /v2/enqueue, it is refused with 400");
        }

        if (registry.First(format) is { } first)
            notes.Add($"decided as if sent to {first.Id}, the first integration of this format; ?integration=NAME names another");
        return registry.First(format);
    }

    private static IEnumerable<string> InEarnest(IdentityDefinition sender, Runtime runtime, Admission admission)
    {
        if (sender.ExpiresAt <= Time.Now(runtime.World))
            yield return $"the authority of {sender.Id} ended at {sender.ExpiresAt}: sent in earnest, this is refused with {Problems.Status(Reason.CredentialExpired)} ({Reason.CredentialExpired})";
        if (admission.IsSpent(sender))
            yield return $"{sender.Id} is over its request budget now: sent in earnest, this is refused with {Problems.Status(Reason.OverRequestBudget)} ({Reason.OverRequestBudget})";
        if (runtime.Unstorable is not null)
            yield return $"the server cannot store anything at the moment: sent in earnest, this is refused with {Problems.Status(Reason.Overloaded)} ({Reason.Overloaded})";
    }
}
