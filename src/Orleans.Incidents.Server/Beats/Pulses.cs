using Incidents.Audit;
using Incidents.Engine;
using Incidents.Grouping;
using Incidents.Heartbeats;
using Incidents.Identities;
using Incidents.Journal;
using Incidents.Server.Api;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Logging;
using NodaTime;

namespace Incidents.Server.Beats;

/// <summary>
/// Who should be heard, and who is silent. What is stored is when each was last heard; whether its alert fires, the group says. So
/// nothing here can be forgotten by a restart: the deadlines follow from the rows, and a silence that is said twice is one alert.
/// </summary>
internal sealed class Pulses(Runtime runtime, Func<Registry> registry, Intake intake) : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    // Longer without a tick, and this process did not hear either.
    private static readonly Duration Deaf = Duration.FromSeconds(10);

    private readonly BeatBook _book = new(runtime);
    private readonly SemaphoreSlim _room = new(64, 64);
    private Dictionary<string, Pulse> _pulses = new(StringComparer.Ordinal);
    private Instant _hearingSince;
    private Instant _ticked;
    private Ticker? _ticker;

    /// <summary>Begins to hear. Who is new is known from now on, and who is no longer declared is forgotten.</summary>
    public void Start()
    {
        _hearingSince = _ticked = Time.Now(runtime.Clock);
        var declared = registry().Catalogue.Integrations.Values.Where(i => i.Heartbeat is not null).ToList();
        var known = runtime.Beats().ToDictionary(b => b.Integration, StringComparer.Ordinal);
        _pulses = declared.ToDictionary(i => i.Id, i => known.TryGetValue(i.Id, out var row) ? new Pulse(i, row.Since, row.Heard) : new Pulse(i, _hearingSince, null), StringComparer.Ordinal);
        var added = _pulses.Values.Where(p => !known.ContainsKey(p.Integration.Id)).Select(p => new BeatRow(p.Integration.Id, p.Since, null)).ToList();
        var removed = known.Keys.Where(id => !_pulses.ContainsKey(id)).ToList();
        if (added.Count > 0)
            runtime.WriteBeats(added);
        if (removed.Count > 0)
            runtime.ForgetBeats(removed);
        _ticker = new Ticker(runtime.Clock, Tick, Look);
        _ticker.Start();
    }

    public ValueTask DisposeAsync() => _ticker?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A beat came. When this returns it is durable, and what was said of a silence is taken back.</summary>
    /// <returns>When the sender counts as silent without another one.</returns>
    /// <exception cref="RefusedException">It could not be stored.</exception>
    public Task<Instant> BeatAsync(IntegrationDefinition integration) => InTurnAsync(integration, async pulse =>
    {
        var now = Time.Now(runtime.Clock);
        var isNear = HeartbeatRules.IsNear(pulse.Rule, pulse.Stored, now);
        if (!isNear)
            await StoreAsync(pulse, now);
        pulse.Hear(now, isStored: !isNear);
        if (pulse.Fires ?? await FiresAsync(pulse))
            await intake.SayAsync(PrincipalOf(pulse), pulse.Integration, BeatAlerts.Heard(pulse));

        // Another process may say that it is silent.
        pulse.Fires = runtime.IsNode ? null : false;
        Measure.Beat(isNear ? "near" : "stored");
        return pulse.Deadline(_hearingSince);
    });

    /// <summary>The sender says that it failed.</summary>
    /// <returns>The alert's receipt.</returns>
    /// <exception cref="RefusedException">It could not be stored.</exception>
    public Task<string> FailAsync(IntegrationDefinition integration) => InTurnAsync(integration, async pulse =>
    {
        var receipts = await intake.SayAsync(PrincipalOf(pulse), pulse.Integration, BeatAlerts.Failed(pulse));
        pulse.Fires = true;
        Measure.Beat("failed");
        return receipts[0];
    });

    /// <summary>When a sender was last heard; <see langword="null"/>: never.</summary>
    /// <exception cref="RefusedException">Another beat of it takes too long.</exception>
    public Task<Instant?> HeardAsync(IntegrationDefinition integration) => InTurnAsync(integration, pulse => Task.FromResult(pulse.Heard));

    private async Task<T> InTurnAsync<T>(IntegrationDefinition integration, Func<Pulse, Task<T>> act)
    {
        var pulse = _pulses[integration.Id];
        if (!await pulse.Turn.WaitAsync(MaxWait))
            throw new RefusedException(Reason.Overloaded, "the heartbeat before this one is not stored yet; send it again", Duration.FromSeconds(2));
        try
        {
            return await act(pulse);
        }
        finally
        {
            pulse.Turn.Release();
        }
    }

    private async Task StoreAsync(Pulse pulse, Instant now)
    {
        try
        {
            await _book.WriteAsync(new BeatRow(pulse.Integration.Id, pulse.Since, now)).WaitAsync(MaxWait, runtime.Clock);
        }
        catch (Exception failure) when (failure is JournalFailureException or JournalBrokenException or TimeoutException)
        {
            throw new RefusedException(Reason.Overloaded, "the heartbeat could not be stored; send it again", Duration.FromSeconds(2));
        }
    }

    private async Task<bool> FiresAsync(Pulse pulse)
    {
        try
        {
            return Pulse.IsFiring((GroupState)(await runtime.Actors.ReadAsync(pulse.Group).WaitAsync(MaxWait, runtime.Clock)).State);
        }
        catch (TimeoutException)
        {
            throw new RefusedException(Reason.Overloaded, "the engine did not answer in time; send the heartbeat again", Duration.FromSeconds(2));
        }
    }

    /// <summary>Says who is silent now. Called by the timer.</summary>
    internal void Look()
    {
        var now = Time.Now(runtime.Clock);
        if (now - _ticked > Deaf || runtime.Unstorable is not null || _book.IsFailing)
            _hearingSince = now;
        _ticked = now;
        if (runtime.IsNode && !HearOthers(now))
            return;
        var firing = 0;
        foreach (var pulse in _pulses.Values)
        {
            firing += pulse.Fires == true ? 1 : 0;
            if (pulse.Fires == true || pulse.IsBeingSaid || now < pulse.Deadline(_hearingSince))
                continue;
            pulse.IsBeingSaid = true;
            _ = Task.Run(() => SayAsync(pulse));
        }

        runtime.FiringPulses = firing;
    }

    // Of several processes the first says who is silent, and hears what the others stored.
    private bool HearOthers(Instant now)
    {
        if (!runtime.IsFirst)
        {
            _hearingSince = now;
            return false;
        }

        try
        {
            foreach (var row in runtime.Beats())
            {
                if (_pulses.TryGetValue(row.Integration, out var pulse) && row.Heard > (pulse.Heard ?? Instant.MinValue))
                {
                    pulse.Hear(row.Heard.Value, isStored: true);
                    pulse.Fires = null;
                }
            }

            return true;
        }
        catch (JournalFailureException)
        {
            // Whoever cannot be heard is not silent.
            _hearingSince = now;
            return false;
        }
    }

    // What cannot be said now is said at the next look.
    private async Task SayAsync(Pulse pulse)
    {
        await _room.WaitAsync();
        try
        {
            await InTurnAsync(pulse.Integration, async p =>
            {
                // A beat may have come while this waited.
                if (Time.Now(runtime.Clock) >= p.Deadline(_hearingSince) && p.Fires != true)
                {
                    await intake.SayAsync(PrincipalOf(p), p.Integration, BeatAlerts.Silent(p));
                    p.Fires = true;
                }

                return true;
            });
        }
        catch (Exception unsaid)
        {
            Log.SilenceNotSaid(runtime.Log, pulse.Integration.Id, unsaid.Message);
        }
        finally
        {
            pulse.IsBeingSaid = false;
            _room.Release();
        }
    }

    // Its silence is said under its own identity, also when that has ended meanwhile: then it can no longer be heard at all.
    private Principal PrincipalOf(Pulse pulse) => new(registry().Catalogue.Identities[pulse.Integration.Identity], pulse.Integration);
}
