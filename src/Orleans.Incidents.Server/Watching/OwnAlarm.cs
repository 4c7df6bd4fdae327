using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Server.Hosting;
using Incidents.Services;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Watching;

/// <summary>
/// What the watchdog found, as alerts of one group under its own identity: one incident whatever is wrong, one alert a kind. What the
/// group holds is what was said, so nothing is remembered here that a restart could lose.
/// </summary>
internal sealed class OwnAlarm(Runtime runtime, WatchdogDefinition definition, IdentityDefinition identity)
{
    private static readonly GroupTarget Lasting = new("", LabelSet.Of("alertname", "IncidentsWatchdog"), Duration.Zero, Duration.FromHours(1)) { Flap = Routing.RouteDefaults.Ours.Flap };
    private static readonly Caller Self = new(WatchdogDefinition.Identity, IdentityKind.Service);

    private readonly Dictionary<FindingKind, long> _told = [];
    private GcraState _spent = GcraState.Full;
    private Task<CallAnswer>? _pending;

    /// <summary>The one group. No integration has an empty name, so it is nobody else's.</summary>
    public static StreamId Group { get; } = new(ActorKind.Group, "@/watchdog");

    /// <summary>Brings the group to what was found.</summary>
    /// <param name="said">The group as it is.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="judged">The kinds that were looked at: of the others nothing is taken back.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>Why it could not be said; <see langword="null"/>: it is durable.</returns>
    public async Task<string?> SayAsync(GroupState said, IReadOnlyList<Finding> findings, IReadOnlySet<FindingKind> judged, CancellationToken stop)
    {
        var now = Time.Now(runtime.Clock);
        if (Time.Now(runtime.World) >= identity.ExpiresAt)
            return findings.Count == 0 ? null : $"the authority of {identity.Id} ended at {identity.ExpiresAt}";
        if (_pending is { IsCompleted: false })
            return "what was to be said before is not stored yet";
        foreach (var finding in findings)
        {
            if (!IsSaid(said, finding.Kind) && !said.Open && !Charge(now))
                return $"its own budget is spent, {WatchdogDefinition.Openings.Burst} incidents at once and {WatchdogDefinition.Openings.Count} an hour";
            if (await (IsSaid(said, finding.Kind) ? GrowAsync(said, finding, stop) : TriggerAsync(finding, stop)) is { } why)
                return why;
            said = IsSaid(said, finding.Kind) ? said : said with { Open = true };
        }

        foreach (var gone in judged.Where(k => IsSaid(said, k) && findings.All(f => f.Kind != k)))
        {
            _told.Remove(gone);
            if (await SendAsync(Alert(gone, AlertAction.Resolve, $"no longer: {FindingKinds.Name(gone)}"), stop) is { } why)
                return why;
        }

        return null;
    }

    private static bool IsSaid(GroupState said, FindingKind kind) => said.Open && said.Find(FindingKinds.Name(kind)) is { Firing: true };

    private bool Charge(Instant now)
    {
        var charge = Gcra.Charge(WatchdogDefinition.Openings, _spent, now, 1);
        _spent = charge.State;
        return charge.Allowed;
    }

    private Task<string?> TriggerAsync(Finding finding, CancellationToken stop)
    {
        _told[finding.Kind] = finding.Count;
        return SendAsync(Alert(finding.Kind, AlertAction.Trigger, finding.Title) with
        {
            Severity = Severity.Critical, Annotations = LabelSet.Of("count", finding.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), "examples", string.Join(", ", finding.Examples)),
        }, stop);
    }

    // The incident's timeline says how it grows, each time that it has doubled.
    private async Task<string?> GrowAsync(GroupState said, Finding finding, CancellationToken stop)
    {
        if (_told.TryAdd(finding.Kind, finding.Count) || finding.Count < 2 * _told[finding.Kind])
            return null;
        _told[finding.Kind] = finding.Count;
        return await WaitAsync(StreamId.Incident(said.Incident!), new AddNote(finding.Title), stop);
    }

    private Task<string?> SendAsync(Alert alert, CancellationToken stop) => WaitAsync(Group, new Signal(alert, Lasting with { Service = definition.Service }), stop);

    private async Task<string?> WaitAsync(StreamId to, ICommand command, CancellationToken stop)
    {
        _pending = runtime.Actors.CallAsync(CommandId.Of($"watchdog:{Guid.NewGuid():N}"), to, Self, command);
        try
        {
            var answer = await _pending.WaitAsync(Liveness.Patience, runtime.Clock, stop);
            return answer.Reason is Audit.Reason.Unstorable or Audit.Reason.NodesOfAnOlderVersion ? "it could not be stored" : null;
        }
        catch (TimeoutException)
        {
            return "it is not stored yet";
        }
    }

    private static Alert Alert(FindingKind kind, AlertAction action, string title) => new()
    {
        Action = action, DedupKey = FindingKinds.Name(kind), Title = title, Source = "watchdog", Labels = LabelSet.Of("alertname", "IncidentsWatchdog", "kind", FindingKinds.Name(kind)),
    };
}
