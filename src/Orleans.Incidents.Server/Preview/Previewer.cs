using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Heartbeats;
using Incidents.Identities;
using Incidents.Integrations.Intake;
using Incidents.Server.Edge;
using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>What is to be previewed.</summary>
/// <param name="Format">How the body is read; one that there is.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">The headers, by names whose case makes no difference.</param>
/// <param name="Integration">The integration that it would be sent to; <see langword="null"/>: none.</param>
/// <param name="By">Whoever asks; it is decided as them where there is no integration.</param>
/// <param name="Notes">What is known of the request already.</param>
internal sealed record PreviewRequest(
    string Format, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Headers, IntegrationDefinition? Integration, Caller By, IReadOnlyList<string> Notes)
{
    /// <summary>When the integration was last heard, where it is sent heartbeats; <see langword="null"/>: never, or nobody knows.</summary>
    public Instant? Heard { get; init; }
}

/// <summary>
/// From bytes to what would become of them: translated, completed and routed as intake does it, then rehearsed. Changes nothing.
/// </summary>
internal sealed class Previewer(Registry registry, IStates states, Instant now)
{
    /// <summary>The alerts of one request that are routed and rehearsed; all of them are translated.</summary>
    public const int MaxRehearsed = 500;

    private static readonly Duration DefaultTimeout = Duration.FromMinutes(5);

    public async Task<PreviewAnswer> PreviewAsync(PreviewRequest request)
    {
        var integration = request.Integration ?? new IntegrationDefinition("none", request.Format, request.By.Id, LabelSet.Empty, DefaultTimeout, "");
        var by = registry.Catalogue.Identities.TryGetValue(integration.Identity, out var sender) ? new Caller(sender.Id, sender.Kind) : request.By;
        if (request.Format == HeartbeatRule.Format)
            return await new BeatPreview(registry, states, now).PreviewAsync(request, by);
        var said = Translators.Find(request.Format)!.Translate(request.Body, new IntakeContext(request.Headers.GetValueOrDefault, () => request.Headers.Keys, now, integration.ResolveTimeout));
        var alerts = said.Alerts.Select(a => Intake.Complete(a, integration)).ToList();
        var scene = new Scene(registry, states, by, integration);
        await scene.PlayAsync([.. alerts.Take(MaxRehearsed)], now);
        return new PreviewAnswer
        {
            Alerts = [.. alerts.Select(UnderstoodAlert.Of)],
            Refused = [.. said.Refused.Select(RefusedAlert.Of)],
            Routes = scene.Routes.Entries,
            WouldDo = [.. await scene.TellAsync(), .. said.Refused.Select(Refused)],
            Notes = [.. request.Notes, .. Notes(said, scene)],
            Context = new PreviewContext(request.Format, request.Integration?.Id, by.Id, states is LiveStates ? scene.Rehearsal.Position : null),
        };
    }

    private static WouldDo Refused(Refusal refusal) => new()
    {
        Refused = refusal.Index, Reason = refusal.Reason.ToString(),
        Text = $"refused{(refusal.Index < 0 ? ", with the whole request" : "")}: {refusal.Detail}",
    };

    private static IEnumerable<string> Notes(Translation said, Scene scene)
    {
        if (said.Note is { } note)
            yield return $"opens nothing by design: {note}";
        if (said.RequestKey is not null)
            yield return "its sender gives this delivery an id: delivered once more, it is taken in once";
        if (said.Alerts.Length > MaxRehearsed)
            yield return $"routes and decisions are those of the first {MaxRehearsed} alerts of {said.Alerts.Length}";
        if (scene.Routes.IsCut)
            yield return $"only {RouteList.MaxPassed} of the routes that do not match are listed";
        if (scene.Rehearsal.IsCut)
            yield return "more decisions would follow than were rehearsed";
    }
}
