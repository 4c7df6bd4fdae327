using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Server.Beats;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Tests.Configuration;
using Incidents.Server.Tests.Preview;
using Incidents.Testing;
using NodaTime;

namespace Incidents.Server.Tests.Beats;

/// <summary>Who counts as silent and when, on a clock that the test sets.</summary>
public sealed class PulsesTests : IAsyncLifetime
{
    private const string Yaml = """
        identities: {olga: {kind: human, expires: 2099-01-01}}
        responders: {olga: {contacts: [{channel: console}]}}
        policies: {calls: {steps: [{targets: [olga]}]}}
        services: {shop: {policy: calls}}
        integrations: {job: {format: heartbeat, token: env:TOKEN, sponsor: olga, expires: 2099-01-01, every: 10m, grace: 2m}}
        route: {receiver: shop}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-");
    private readonly SettableClock _clock = new();
    private readonly DataFolder _data;
    private readonly Runtime _runtime;
    private readonly Registry _registry;
    private readonly Pulses _pulses;

    public PulsesTests()
    {
        _data = new DataFolder(_folder.FullName);
        _runtime = new Runtime(_data, _clock, TextWriter.Null, new EngineOptions());
        _registry = new Registry(Receivers.Complete(ConfigText.Catalogue(Yaml, "heartbeat")));
        _pulses = new Pulses(_runtime, () => _registry, new Intake(_runtime, () => _registry, new Admission(_clock), 1 << 20));
    }

    private IntegrationDefinition Job => _registry.Catalogue.Integrations["job"];

    [Fact]
    public async Task Silence_begins_when_period_and_grace_are_over_and_ends_with_the_next_beat()
    {
        await _pulses.BeatAsync(Job);
        Pass(Duration.FromSeconds((12 * 60) - 1));
        Assert.Null(await FiringAsync());

        Pass(Duration.FromSeconds(1));
        await Eventually.TrueAsync("the silence is said", async () => await FiringAsync() is not null);
        Assert.Equal("job is silent since 2026-03-01T12:00:00Z: it should be heard every 10m", await FiringAsync());

        Assert.Equal(Instant.FromUtc(2026, 3, 1, 12, 24), await _pulses.BeatAsync(Job));
        Assert.Null(await FiringAsync());
    }

    [Fact]
    public async Task A_process_that_stood_still_takes_nobody_for_silent_before_one_grace()
    {
        await _pulses.BeatAsync(Job);
        _clock.Now += TimeSpan.FromHours(3);
        Pass(Duration.FromSeconds(119));
        Assert.Null(await FiringAsync());

        Pass(Duration.FromSeconds(2));
        await Eventually.TrueAsync("the silence is said", async () => await FiringAsync() is not null);
    }

    [Fact]
    public async Task A_beat_near_the_stored_one_moves_the_deadline_and_stores_nothing()
    {
        var first = await _pulses.BeatAsync(Job);
        _clock.Now += TimeSpan.FromSeconds(59);
        Assert.Equal(first + Duration.FromSeconds(59), await _pulses.BeatAsync(Job));
        Assert.Equal(Instant.FromUtc(2026, 3, 1, 12, 0), Assert.Single(_runtime.Beats()).Heard);

        _clock.Now += TimeSpan.FromSeconds(1);
        await _pulses.BeatAsync(Job);
        Assert.Equal(Instant.FromUtc(2026, 3, 1, 12, 1), Assert.Single(_runtime.Beats()).Heard);
    }

    [Fact]
    public void Who_is_no_longer_declared_is_forgotten_and_who_is_new_is_known()
    {
        _runtime.WriteBeats([new BeatRow("gone", Instant.FromUtc(2026, 1, 1, 0, 0), null)]);
        _pulses.Start();
        Assert.Equal([new BeatRow("job", Instant.FromUtc(2026, 3, 1, 12, 0), null)], _runtime.Beats());
    }

    public async ValueTask InitializeAsync()
    {
        _runtime.Start();
        await new CatalogueKeeper(_runtime.History, _runtime.Host).ApplyAsync(_registry.Catalogue, Caller.Config);
        _pulses.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _pulses.DisposeAsync();
        await _runtime.DisposeAsync();
        _data.Dispose();
        _folder.Delete(recursive: true);
    }

    // In steps in which nobody would think that the process stood still.
    private void Pass(Duration time)
    {
        for (var step = Duration.FromSeconds(10); time > Duration.Zero; time -= step)
        {
            step = Duration.Min(step, time);
            _pulses.Look();
            _clock.Now += step.ToTimeSpan();
        }

        _pulses.Look();
    }

    private async Task<string?> FiringAsync()
    {
        var state = (GroupState)(await _runtime.Host.ReadAsync(StreamId.GroupByKey("job", Alerts.LabelSet.Of("key", "heartbeat").Fingerprint))).State;
        return state.Open ? state.Worst?.Title : null;
    }
}
