using Incidents.Decisions;
using Incidents.Grouping;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Tests.Configuration;
using Incidents.Server.Tests.Preview;
using NodaTime;

namespace Incidents.Server.Tests.Hosting.Declared;

/// <summary>At noon, when a route is mute for half an hour, the catalogue changes.</summary>
public sealed class MutedGroupsTests : IAsyncLifetime
{
    private const string ByLabels = """{"title":"Backup failed","severity":"critical","labels":{"team":"muted","host":"1"}}""";
    private const string ByKey = """{"title":"Backup failed","dedup_key":"k","severity":"critical","labels":{"team":"muted"}}""";

    private Bench _bench = null!;

    [Theory]
    [InlineData(ByLabels)]
    [InlineData(ByKey)]
    public async Task A_mute_that_is_lifted_is_over(string alert)
    {
        await _bench.SendAsync(alert);
        Assert.Empty(_bench.Runtime.History.Streams(ActorKind.Incident));

        await TellAsync(Bench.Yaml.Replace(", mute_time_intervals: [noon]", "", StringComparison.Ordinal));

        Assert.Single(_bench.Runtime.History.Streams(ActorKind.Incident));
    }

    [Theory]
    [InlineData(ByLabels)]
    [InlineData(ByKey)]
    public async Task A_mute_that_is_shortened_ends_then(string alert)
    {
        await _bench.SendAsync(alert);

        await TellAsync(Bench.Yaml.Replace("12:30", "12:20", StringComparison.Ordinal));

        var group = Assert.Single(_bench.Runtime.History.Streams(ActorKind.Group));
        Assert.Equal(Instant.FromUtc(2026, 3, 1, 12, 20), ((GroupState)(await _bench.Runtime.Host.ReadAsync(group)).State).Muted!.Until);
        Assert.Empty(_bench.Runtime.History.Streams(ActorKind.Incident));
    }

    [Fact]
    public async Task What_is_as_before_or_has_no_route_any_more_changes_nothing()
    {
        await _bench.SendAsync(ByLabels);
        var before = _bench.Runtime.History.Position;

        await TellAsync(Bench.Yaml);
        await TellAsync(Bench.Yaml.Replace("[team=muted]", "[team=another]", StringComparison.Ordinal));

        var group = Assert.Single(_bench.Runtime.History.Streams(ActorKind.Group));
        Assert.DoesNotContain(_bench.Runtime.History.After(before, 100), e => e.Envelope.Stream == group.ToString());
    }

    public async ValueTask InitializeAsync() => _bench = await Bench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    // Each look waits behind what is ready: after so many of them the longest chain is through.
    private async Task TellAsync(string yaml)
    {
        var registry = new Registry(Receivers.Complete(ConfigText.Catalogue(yaml, "generic-json", "alertmanager-api-v2-alerts", "heartbeat")));
        await new MutedGroups(_bench.Runtime, registry).TellAllAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 12; i++)
            await _bench.Runtime.Host.ReadAsync(StreamId.Routing);
    }
}
