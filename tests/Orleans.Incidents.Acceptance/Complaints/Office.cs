using System.Text;
using Incidents.Acceptance.Processes;
using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Identities;
using Incidents.Routing.Matchers;
using Incidents.Server.Api;
using Incidents.Server.Edge;
using Edge = Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace Incidents.Acceptance.Complaints;

/// <summary>The real host in this process on a clock that the test moves, for what takes hours or months.</summary>
internal sealed class Office : IAsyncDisposable
{
    private const string Yaml = """
        identities:
          olga: { kind: human, expires: 2099-01-01 }
        responders:
          olga: { contacts: [{ channel: console }] }
          paul: { contacts: [{ channel: console }] }
        policies:
          calls: { steps: [{ targets: [olga], timeout: 5m }, { targets: [paul], timeout: 5m }] }
        services:
          shop: { policy: calls }
        integrations:
          generic: { format: generic-json, token: env:GENERIC_TOKEN, sponsor: olga, expires: 2099-01-01 }
        route:
          receiver: shop
          routes:
            - { receiver: shop, matchers: ['team = "waits"'], group_wait: 10m }
            - { receiver: shop, matchers: ['team = "counts"'], open_after: 3, open_within: 10m }
        """;

    private readonly Folder _folder = new();
    private readonly Registry _registry;
    private readonly HandClock _clock = new();
    private readonly StringWriter _console = new();
    private DataFolder _data = null!;
    private Runtime _runtime = null!;
    private Edge.Intake _intake = null!;

    private Office() => _registry = new Registry(ConfigFile.Load(_folder.Write("incidents.yaml", Yaml), MatcherMode.Fallback, TextWriter.Null, followsSecrets: false));

    public static async Task<Office> OpenAsync()
    {
        var office = new Office();
        office.Start();
        await new CatalogueKeeper(office._runtime.History, office._runtime.Host).ApplyAsync(office._registry.Catalogue, Caller.Config);
        return office;
    }

    /// <summary>Moves the clock; what came due meanwhile is served a moment later.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        _clock.Now += time;

        // A turn under way has looked at the clock already: whatever is sent behind this look is decided by the new time.
        await _runtime.Host.ReadAsync(StreamId.Routing);
    }

    /// <summary>Stops, and starts again on the same data so much later.</summary>
    public async Task CloseForAsync(TimeSpan time)
    {
        await StopAsync();
        _clock.Now += time;
        Start();
    }

    /// <summary>Sends an alert.</summary>
    /// <returns>The incident that its group belongs to, or would.</returns>
    public async Task<string> SendAsync(string body)
    {
        var target = _registry.Catalogue.Integrations["generic"];
        var taken = await _intake.TakeAsync(new DefaultHttpContext(), new Principal(_registry.Catalogue.Identities[target.Identity], target), target, Encoding.UTF8.GetBytes(body));
        Assert.Single(taken.Receipts);
        return await IncidentAsync(taken.Alerts[0].DedupKey);
    }

    /// <summary>Olga does something to an incident.</summary>
    public async Task ActAsync(string incident, ICommand command) =>
        Assert.True((await _runtime.Host.CallAsync(CommandId.FromBytes(Guid.NewGuid().ToByteArray()), StreamId.Incident(incident), new Caller("olga", IdentityKind.Human), command)).Changed);

    /// <summary>What happened to an incident, as "event reason"; nothing where there is none.</summary>
    public IReadOnlyList<string> Timeline(string incident) => [.. Timelines.Of(_runtime.History, incident, 1000).Select(i => $"{i.What} {i.Reason}")];

    /// <summary>How often somebody was paged for it.</summary>
    public int Pages(string incident) => Timelines.Of(_runtime.History, incident, 1000).Count(i => i.What == "incident.step-paged");

    /// <summary>Waits for something to happen to an incident.</summary>
    public Task HappensAsync(string incident, string what) =>
        Eventually.TrueAsync($"{what} of {incident}", () => Timeline(incident).Any(t => t.StartsWith(what, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _console.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string> IncidentAsync(string key) =>
        ((Grouping.GroupState)(await _runtime.Host.ReadAsync(StreamId.GroupByKey("generic", Alerts.LabelSet.Of("key", key).Fingerprint))).State).Incident!;

    private void Start()
    {
        _data = new DataFolder(_folder.Data);
        _runtime = new Runtime(_data, _clock, TextWriter.Synchronized(_console), new EngineOptions());
        _intake = new Edge.Intake(_runtime, () => _registry, new Admission(_clock), 1 << 20);
        _runtime.Start();
    }

    private async Task StopAsync()
    {
        await _runtime.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>A clock that the test sets; waits are the machine's.</summary>
    private sealed class HandClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
