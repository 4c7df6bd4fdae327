using System.Net;
using Incidents.Cluster.Placement;
using Incidents.Cluster.Tests.Silos;
using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Journal.Tests;
using Incidents.Testing;

namespace Incidents.Cluster.Tests;

/// <summary>Three silos on one PostgreSQL, with real sockets between them.</summary>
public sealed class SiloTests(ThreeSilos three, Proving.Proving proving) : IClassFixture<ThreeSilos>
{
    private readonly SiloCluster _silos = three.Silos;

    [Fact]
    public async Task Every_shard_is_decided_for_where_it_belongs_and_the_shares_are_even()
    {
        await _silos.SettleAsync();

        Assert.All(_silos.Silos, s => Assert.InRange(s.Node.Host.Shards.Count, 50, 125));
        proving.Passed();
    }

    [Fact]
    public async Task Alerts_given_to_any_silo_lead_to_one_incident_and_one_page_each()
    {
        await _silos.CheckAsync(60, () => true);

        Assert.All(_silos.Pages, page => Assert.Equal(1, page.Value));
        proving.Passed();
    }

    [Fact]
    public async Task A_command_is_decided_once_whichever_silos_it_is_given_to_and_all_see_it()
    {
        await _silos.CheckAsync(6, () => true);
        var incident = StreamId.Incident(_silos.Pages.Keys.Last().Split('-')[0]);
        var id = CommandId.Of($"acknowledge {incident}");

        var answers = await Task.WhenAll(_silos.Up.Select(n => n.Actors.CallAsync(id, incident, Desk.Human, new AcknowledgeIncident(), remembered: true)));

        Assert.Single(answers, a => a.Changed);
        Assert.Single(_silos.Store.Read(incident).OfType<IncidentAcknowledged>());
        var seen = await Task.WhenAll(_silos.Up.Select(n => n.Actors.ReadAsync(incident)));
        Assert.All(seen, s => Assert.NotNull(((IncidentState)s.State).AcknowledgedBy));
        Assert.Single(seen.Select(s => s.Version).Distinct());
        proving.Passed();
    }

    [Fact]
    public async Task Actors_of_every_kind_are_reached_from_every_silo()
    {
        foreach (var kind in Enum.GetValues<ActorKind>())
        {
            var actor = new StreamId(kind, kind == ActorKind.Group ? "service-1/0123456789abcdef" : "nobody");
            Assert.Equal([0L, 0L, 0L], (await Task.WhenAll(_silos.Up.Select(n => n.Actors.ReadAsync(actor)))).Select(a => a.Version));
        }

        var refused = await Task.WhenAll(_silos.Up.Select(n => n.Actors.CallAsync(CommandId.Of("no"), StreamId.Incident("nobody"), Desk.Human, new AcknowledgeIncident(), expected: 5)));
        Assert.All(refused, r => Assert.False(r.Changed));
        Assert.Single(refused.Select(r => r.Reason).Distinct());
        proving.Passed();
    }

    [Fact]
    public async Task A_shard_taken_behind_a_silos_back_is_not_answered_for_from_memory_and_comes_home()
    {
        await _silos.CheckAsync(6, () => true);
        var incident = StreamId.Incident(_silos.Pages.Keys.Last().Split('-')[0]);
        var stale = _silos.OwnerOf(incident)!;
        var thief = _silos.Up.First(n => n != stale);

        // As after a membership that was wrong: the stale owner is not told.
        await thief.Host.TakeAsync([.. stale.Host.Shards.Where((s, i) => s == incident.Shard || i % 8 == 0)]);
        Assert.True(stale.Host.Owns(incident));
        var answer = await stale.Actors.CallAsync(CommandId.Of($"note {incident}"), incident, Desk.Human, new AddNote("late"), remembered: true);

        Assert.True(answer.Changed);
        Assert.Single(_silos.Store.Read(incident).OfType<NoteAdded>());
        Assert.Contains(incident.Shard, stale.Lost);
        await _silos.CheckAsync(30, () => true);
        await _silos.SettleAsync();
        proving.Passed();
    }

    [Fact]
    public async Task The_dashboard_shows_the_silos()
    {
        using var http = new HttpClient();

        var page = await http.GetStringAsync(_silos.Silos[0].Dashboard, TestContext.Current.CancellationToken);
        var counters = await http.GetStringAsync(new Uri(_silos.Silos[0].Dashboard, "DashboardCounters"), TestContext.Current.CancellationToken);

        Assert.Contains("<html", page, StringComparison.OrdinalIgnoreCase);
        Assert.All(_silos.Silos, s => Assert.Contains(s.Address.Endpoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), counters, StringComparison.Ordinal));
        proving.Passed();
    }

    [Fact]
    public void A_silo_that_comes_or_goes_moves_its_own_share_alone()
    {
        var silos = Enumerable.Range(1, 5).Select(i => Orleans.Runtime.SiloAddress.New(IPAddress.Parse($"10.0.0.{i}"), 11111, i)).ToList();
        var moved = 0;
        for (var shard = 0; shard < StreamId.Shards; shard++)
        {
            var (five, four) = (Rendezvous.Choose(shard, silos), Rendezvous.Choose(shard, silos[..4]));
            Assert.Contains(five, (Orleans.Runtime.SiloAddress[])[four, silos[4]]);
            moved += five.Equals(four) ? 0 : 1;
        }

        Assert.InRange(moved, 30, 75);
        proving.Passed();
    }
}
