using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Server.Hosting;
using Incidents.Server.Tests.Configuration;
using Incidents.Server.Tests.Preview;
using Incidents.Server.Watching;
using Incidents.Services;
using NodaTime;

namespace Incidents.Server.Tests.Watching;

/// <summary>What the watchdog says is one incident, in a lane of its own that is bounded.</summary>
public sealed class OwnAlarmTests : IAsyncLifetime
{
    private static readonly HashSet<FindingKind> All = [.. FindingKinds.All];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-");
    private readonly SettableClock _clock = new();
    private readonly DataFolder _data;
    private readonly Runtime _runtime;
    private OwnAlarm _alarm = null!;

    public OwnAlarmTests()
    {
        _data = new DataFolder(_folder.FullName);
        _runtime = new Runtime(_data, _clock, TextWriter.Null, new EngineOptions());
    }

    [Fact]
    public async Task However_many_kinds_there_are_they_are_one_incident_that_ends_with_the_last()
    {
        Assert.Null(await SayAsync(Found(FindingKind.StalledEscalations, 500), Found(FindingKind.StalledPages, 3)));
        var incident = (await GroupAsync()).Incident!;
        Assert.Equal((2, "500 things"), ((await GroupAsync()).Firing, (await IncidentAsync(incident)).Title));

        Assert.Null(await SayAsync(Found(FindingKind.StalledPages, 3)));
        Assert.True((await GroupAsync()).Open);
        Assert.Null(await SayAsync());
        Assert.Equal(IncidentStatus.Resolved, (await IncidentAsync(incident)).Status);
    }

    [Fact]
    public async Task What_was_not_judged_is_not_taken_back()
    {
        await SayAsync(Found(FindingKind.StalledPages, 1));
        Assert.Null(await _alarm.SayAsync(await GroupAsync(), [], new HashSet<FindingKind> { FindingKind.LateMessages }, TestContext.Current.CancellationToken));
        Assert.True((await GroupAsync()).Open);
    }

    [Fact]
    public async Task It_opens_no_more_than_its_own_budget_allows()
    {
        var said = new List<string?>();
        for (var i = 0; i < 7; i++)
        {
            said.Add(await SayAsync(Found(FindingKind.LateMessages, 1)));
            await SayAsync();

            // Longer than it takes a group to count as flapping.
            _clock.Now += TimeSpan.FromMinutes(6);
        }

        // Ten come in an hour and four are earned back: the burst of four is spent by the seventh.
        Assert.Equal(6, said.TakeWhile(s => s is null).Count());
        Assert.Equal("its own budget is spent, 4 incidents at once and 4 an hour", said[6]);
    }

    [Fact]
    public async Task Its_authority_ends()
    {
        _clock.Now = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.StartsWith("the authority of watchdog ended", await SayAsync(Found(FindingKind.LateMessages, 1)), StringComparison.Ordinal);
        Assert.False((await GroupAsync()).Open);
    }

    public async ValueTask InitializeAsync()
    {
        _runtime.Start();
        var catalogue = ConfigText.Catalogue("responders: {r: {contacts: [{channel: console}]}}\npolicies: {p: {steps: [{targets: [r]}]}}\nservices: {ops: {policy: p}}\nwatchdog: {service: ops}");
        await new CatalogueKeeper(_runtime.History, _runtime.Host).ApplyAsync(catalogue, Caller.Config);
        var identity = new IdentityDefinition(WatchdogDefinition.Identity, IdentityKind.Service, "admin", Instant.FromUtc(2099, 1, 1, 0, 0), null, null, MayOperate: false);
        _alarm = new OwnAlarm(_runtime, catalogue.Watchdog!, identity);
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _data.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Finding Found(FindingKind kind, long count) => new(kind, count, $"{count} things", ["a", "b"]);

    private async Task<string?> SayAsync(params Finding[] findings) => await _alarm.SayAsync(await GroupAsync(), findings, All, TestContext.Current.CancellationToken);

    private async Task<GroupState> GroupAsync() => (GroupState)(await _runtime.Host.ReadAsync(OwnAlarm.Group)).State;

    private async Task<IncidentState> IncidentAsync(string id) => (IncidentState)(await _runtime.Host.ReadAsync(StreamId.Incident(id))).State;
}
