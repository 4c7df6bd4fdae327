using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Heartbeats;
using Incidents.Identities;
using Incidents.Server.Beats;
using Incidents.Server.Edge;
using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>What a heartbeat would do, and then the silence that follows it if no other one comes. Changes nothing.</summary>
internal sealed class BeatPreview(Registry registry, IStates states, Instant now)
{
    /// <summary>Why an integration is sent no heartbeats; <see langword="null"/>: it is.</summary>
    public static string? NotHeard(IntegrationDefinition? integration) => integration switch
    {
        null => $"no integration is declared with format: {HeartbeatRule.Format}; a beat is one integration's",
        { Heartbeat: null } => $"the integration {integration.Id} takes {integration.Format}, not heartbeats",
        _ => null,
    };

    /// <summary>Previews a beat.</summary>
    /// <param name="request">Its integration is one that is sent heartbeats.</param>
    /// <param name="by">As whom it is decided.</param>
    public async Task<PreviewAnswer> PreviewAsync(PreviewRequest request, Caller by)
    {
        var integration = request.Integration!;
        var pulse = new Pulse(integration, now, null);
        pulse.Hear(now, isStored: false);
        var silent = pulse.Deadline(now);
        var scene = new Scene(registry, states, by, integration);
        var fires = Pulse.IsFiring((GroupState)await scene.Rehearsal.StateAsync(pulse.Group));
        List<Alerts.Alert> ended = fires ? [BeatAlerts.Heard(pulse)] : [], follows = [BeatAlerts.Silent(pulse)];
        await scene.PlayAsync(ended, now);
        await scene.PlayAsync(follows, silent);
        var told = (await scene.TellAsync()).Select(w => w.Alert < ended.Count ? w : w with { Text = $"if nothing is heard until {silent}: {w.Text}" });
        return new PreviewAnswer
        {
            Alerts = [.. ended.Concat(follows).Select(UnderstoodAlert.Of)],
            Refused = [],
            Routes = scene.Routes.Entries,
            WouldDo = fires ? [.. told] : [Nothing(integration, request.Heard), .. told],
            Notes =
            [
                .. request.Notes,
                "a beat: nothing of its body or headers is read",
                fires ? "the alerts are the one that the beat ends, and the one of the next silence" : "the alert is the one of the next silence",
                "sent to /fail instead, an alert of the same key and labels is raised at once",
            ],
            Context = new PreviewContext(request.Format, integration.Id, by.Id, states is LiveStates ? scene.Rehearsal.Position : null),
        };
    }

    private WouldDo Nothing(IntegrationDefinition integration, Instant? heard) => new()
    {
        Reason = nameof(Reason.NothingOpen),
        Text = $"changes nothing but when {integration.Id} was last heard ({(heard is { } last ? $"{Spoken.Of(now - last)} ago" : "never before")}): its alert does not fire",
    };
}
