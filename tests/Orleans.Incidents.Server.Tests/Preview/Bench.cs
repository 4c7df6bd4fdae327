using System.Text;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Incidents.Server.Beats;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Preview;
using Incidents.Server.Tests.Configuration;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Incidents.Server.Tests.Preview;

/// <summary>An engine on a journal of its own, to which alerts are sent and of which previews are asked.</summary>
internal sealed class Bench : IAsyncDisposable
{
    /// <summary>Services that page, that page from critical on, whose groups wait, count or re-open, and that storm soon.</summary>
    public const string Yaml = """
        identities:
          olga: {kind: human, expires: 2099-01-01}
        responders:
          alice: {contacts: [{channel: console}]}
          bob: {contacts: [{channel: console}, {channel: console}]}
          carol:
        policies:
          default: {steps: [{targets: [alice], timeout: 5m}, {targets: [bob, carol], timeout: 10m}]}
          again: {steps: [{targets: [alice]}], repeat: 2}
          nobody: {steps: [{targets: [carol]}]}
        services:
          shop: {policy: default}
          careful: {policy: default, page_from: critical}
          stormy: {policy: again, opening_budget: 2/1h burst 2, critical_reserve: 1/1h burst 1}
          silent: {policy: nobody}
        integrations:
          generic: {format: generic-json, token: env:TOKEN, sponsor: olga, expires: 2099-01-01}
          prom: {format: alertmanager-api-v2-alerts, token: env:TOKEN2, sponsor: olga, expires: 2099-01-01, default_labels: {region: eu}, severity_map: {page: critical}}
          job: {format: heartbeat, token: env:JOB, sponsor: olga, expires: 2099-01-01, every: 10m, grace: 2m, default_labels: {team: careful}}
          muted-job: {format: heartbeat, token: env:MUTED_JOB, sponsor: olga, expires: 2099-01-01, every: 10m, grace: 2m, default_labels: {team: muted}}
        time_intervals:
          - {name: noon, time_intervals: [{times: [{start_time: "12:00", end_time: "12:30"}]}]}
        route:
          receiver: shop
          group_by: [alertname]
          routes:
            - {receiver: careful, matchers: [team=careful]}
            - {receiver: stormy, matchers: [team=stormy]}
            - {receiver: silent, matchers: [team=silent]}
            - {receiver: shop, matchers: [team=waits], group_wait: 30s}
            - {receiver: shop, matchers: [team=reopens], reopen_window: 1h}
            - {receiver: shop, matchers: [team=counts], open_after: 3, open_within: 10m}
            - {receiver: shop, matchers: [team=muted], mute_time_intervals: [noon]}
            - {receiver: careful, matchers: [team=both], continue: true}
            - {receiver: shop, matchers: [team=both]}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-");
    private readonly DataFolder _data;
    private readonly Intake _intake;

    private Bench()
    {
        _data = new DataFolder(_folder.FullName);
        Runtime = new Runtime(_data, Clock, TextWriter.Null, new EngineOptions());
        Registry = new Registry(Receivers.Complete(ConfigText.Catalogue(Yaml, "generic-json", "alertmanager-api-v2-alerts", "heartbeat")));
        _intake = new Intake(Runtime, () => Registry, new Admission(Clock), 1 << 20);
    }

    public SettableClock Clock { get; } = new();

    public Runtime Runtime { get; }

    public Registry Registry { get; }

    public static async Task<Bench> StartAsync()
    {
        var bench = new Bench();
        bench.Runtime.Start();
        await new CatalogueKeeper(bench.Runtime.History, bench.Runtime.Host).ApplyAsync(bench.Registry.Catalogue, Caller.Config);
        return bench;
    }

    /// <summary>What a body would do now.</summary>
    public Task<PreviewAnswer> PreviewAsync(string body, string integration = "generic") => PreviewAsync(new LiveStates(Runtime), body, integration);

    /// <summary>What a body would do where nothing has happened.</summary>
    public Task<PreviewAnswer> PreviewOnNothingAsync(string body, string integration = "generic") => PreviewAsync(new EmptyStates(Registry.Catalogue), body, integration);

    /// <summary>The one sentence about the one alert of a body.</summary>
    public async Task<WouldDo> WouldAsync(string body, string integration = "generic") => Assert.Single((await PreviewAsync(body, integration)).WouldDo);

    /// <summary>Sends a body in earnest.</summary>
    /// <returns>A receipt an alert.</returns>
    public async Task<IReadOnlyList<string>> SendAsync(string body, string integration = "generic")
    {
        var target = Registry.Catalogue.Integrations[integration];
        return (await _intake.TakeAsync(new DefaultHttpContext(), new Principal(Registry.Catalogue.Identities[target.Identity], target), target, Encoding.UTF8.GetBytes(body))).Receipts;
    }

    /// <summary>What a heartbeat would do now.</summary>
    public Task<PreviewAnswer> BeatAsync(Instant? heard, string integration = "job") => PreviewAsync(new LiveStates(Runtime), "", integration, heard);

    /// <summary>A sender of heartbeats says that it failed.</summary>
    public async Task SayFailedAsync()
    {
        var job = Registry.Catalogue.Integrations["job"];
        await _intake.SayAsync(new Principal(Registry.Catalogue.Identities[job.Identity], job), job, BeatAlerts.Failed(new Pulse(job, Time.Now(Clock), null)));
    }

    /// <summary>A person does something to an incident.</summary>
    public async Task ActAsync(string incident, ICommand command) =>
        await Runtime.Host.CallAsync(CommandId.FromBytes(Guid.NewGuid().ToByteArray()), StreamId.Incident(incident), new Caller("olga", IdentityKind.Human), command);

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        _data.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<PreviewAnswer> PreviewAsync(IStates states, string body, string integration, Instant? heard = null)
    {
        var target = Registry.Catalogue.Integrations[integration];
        var by = new Caller("olga", IdentityKind.Human);
        return await new Previewer(Registry, states, Time.Now(Clock)).PreviewAsync(new PreviewRequest(target.Format, Encoding.UTF8.GetBytes(body), new Dictionary<string, string>(), target, by, []) { Heard = heard });
    }
}

/// <summary>A clock that the test sets; timers are the machine's.</summary>
internal sealed class SettableClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
