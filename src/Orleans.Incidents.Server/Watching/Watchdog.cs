using Incidents.Engine;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Integrations.Delivery;
using Incidents.Server.Hosting;
using Incidents.Server.Logging;
using Incidents.Services;
using NodaTime;

namespace Incidents.Server.Watching;

/// <summary>
/// Checks from outside the engine, on a timer of its own, that everything goes on that should: it says what it finds in the log, in
/// metrics and as an incident, and calls the outward heartbeat only when a whole check found nothing.
/// </summary>
/// <param name="runtime">What is watched.</param>
/// <param name="definition">How; <see langword="null"/>: with the defaults, and nobody is paged.</param>
/// <param name="identity">The watchdog's own identity; <see langword="null"/> exactly when nobody is paged.</param>
internal sealed class Watchdog(Runtime runtime, WatchdogDefinition? definition, IdentityDefinition? identity) : IAsyncDisposable
{
    private static readonly HashSet<FindingKind> OfViews = [FindingKind.StalledEscalations, FindingKind.LapsedEscalations, FindingKind.StalledPages];

    private readonly TimeSpan _every = (definition?.Every ?? WatchdogDefinition.DefaultEvery).ToTimeSpan();
    private readonly Duration _lateAfter = definition?.LateAfter ?? WatchdogDefinition.DefaultLateAfter;
    private readonly Liveness _liveness = new(runtime);
    private readonly StandingStill _still = new(runtime.WaitingMessages, runtime.Waiting, definition?.LateAfter ?? WatchdogDefinition.DefaultLateAfter);
    private readonly OwnAlarm? _alarm = definition is not null && identity is not null ? new OwnAlarm(runtime, definition, identity) : null;
    private readonly HeartbeatCall _heartbeat = new(new EnvironmentAndFileSecrets(), runtime.Clock);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<FindingKind, long> _logged = [];
    private HeartbeatOutcome _last = HeartbeatOutcome.Sent;
    private bool _isWhole;
    private Task _run = Task.CompletedTask;

    public void Start() => _run = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _heartbeat.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            // What came due while no process ran gets its time first.
            await Task.Delay(_lateAfter.ToTimeSpan(), runtime.Clock, _stop.Token);
            while (true)
            {
                var started = runtime.Clock.GetTimestamp();
                await RoundAsync();
                var rest = _every - runtime.Clock.GetElapsedTime(started);
                if (rest > TimeSpan.Zero)
                    await Task.Delay(rest, runtime.Clock, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops, and nothing more is to be watched.
        }
    }

    // A check that breaks off is one that did not pass: the next one is made all the same.
    private async Task RoundAsync()
    {
        try
        {
            var findings = await CheckAsync();
            runtime.Watched.Completed(Time.Now(runtime.World), findings);
            Say(findings);
            if (findings.Count == 0 && _isWhole && definition?.HeartbeatRef is { } reference)
                await BeatAsync(reference);
        }
        catch (Exception broken) when (broken is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            Log.WatchdogCheckFailed(runtime.Log, broken.Message);
        }
    }

    private async Task<IReadOnlyList<Finding>> CheckAsync()
    {
        // An engine that waits for the disk does not answer either: then it is the disk that is named.
        if (_liveness.FlushesFail() is { } fails)
            return Unwritable(fails);
        if (await _liveness.LookAsync(OwnAlarm.Group, _stop.Token) is not { } said)
            return _liveness.FlushesFail() is { } hangs ? Unwritable(hangs) : [new Finding(FindingKind.SilentEngine, 1, $"the engine does not answer within {Liveness.Patience.TotalSeconds:0} s", [])];
        if (await _liveness.UnwritableAsync(_stop.Token) is { } why)
            return Unwritable(why);
        (_isWhole, var stale) = await _liveness.ListsAsync(_stop.Token);
        var found = Find(stale);

        // What the engine was just about to do is not stuck: it is looked at twice.
        if (found.Count > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), runtime.Clock, _stop.Token);
            found = Find(stale);
        }

        if (_alarm is not null && await _alarm.SayAsync(said, found, Judged(), _stop.Token) is { } unsaid)
            Log.WatchdogNotHeard(runtime.Log, unsaid);
        return found;
    }

    private static Finding[] Unwritable(string why) => [new Finding(FindingKind.UnwritableJournal, 1, $"the journal cannot be written: {why}", [])];

    private List<Finding> Find(string? stale)
    {
        var found = _still.Find(Time.Now(runtime.Clock), viewsAreFresh: _isWhole).ToList();
        if (stale is not null)
            found.Add(new Finding(FindingKind.StaleViews, 1, $"the lists are stale: {stale}", []));
        return found;
    }

    private HashSet<FindingKind> Judged() => [.. FindingKinds.All.Where(k => !FindingKinds.IsUnspeakable(k) && (_isWhole || !OfViews.Contains(k)))];

    private void Say(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            if (_logged.TryGetValue(finding.Kind, out var before) && finding.Count < 2 * before)
                continue;
            _logged[finding.Kind] = finding.Count;
            Log.WatchdogFinding(runtime.Log, FindingKinds.Name(finding.Kind), finding.Count, finding.Title);
        }

        foreach (var gone in _logged.Keys.Where(k => findings.All(f => f.Kind != k)).ToList())
        {
            _logged.Remove(gone);
            Log.WatchdogFindingGone(runtime.Log, FindingKinds.Name(gone));
        }
    }

    private async Task BeatAsync(string reference)
    {
        var outcome = await _heartbeat.CallAsync(reference, _stop.Token);
        Measure.Heartbeat(outcome);
        if (outcome != _last && outcome != HeartbeatOutcome.Sent)
            Log.HeartbeatNotSent(runtime.Log, outcome.ToString().ToLowerInvariant());
        else if (outcome != _last)
            Log.HeartbeatSentAgain(runtime.Log);
        _last = outcome;
    }
}
