using Incidents.Cluster.Tests.Silos;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Nodes;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Journal.Tests;
using Incidents.Testing;

namespace Incidents.Cluster.Tests;

/// <summary>Three silos on one PostgreSQL, with real sockets between them.</summary>
public sealed class SiloTests
{
    [Fact]
    public async Task Alerts_given_to_any_silo_lead_to_one_incident_and_one_page_each()
    {
        await using var silos = await SiloCluster.StartAsync(3);

        var books = await silos.SendAsync(300, () => true, batch: 3);

        await silos.AssertBooksAsync(books);
        Assert.All(silos.Pages, page => Assert.Equal(1, page.Value));
        Assert.All(silos.Silos, s => Assert.InRange(s.Node.Host.Shards.Count, 50, 125));
    }
}
