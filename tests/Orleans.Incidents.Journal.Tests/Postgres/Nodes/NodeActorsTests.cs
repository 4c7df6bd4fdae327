using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Incidents;

namespace Incidents.Journal.Tests.Postgres.Nodes;

/// <summary>What is said where no node answers for an actor.</summary>
public sealed class NodeActorsTests
{
    [Fact]
    public async Task Whoever_asks_for_an_actor_that_nobody_owns_is_told_so_and_may_ask_again()
    {
        await using var nodes = await Cluster.StartAsync(1);
        await nodes.AssertBooksAsync(await nodes.SendAsync(1, () => true));
        var incident = StreamId.Incident(nodes.Pages.Keys.First().Split('-')[0]);
        await nodes[0].Host.ReleaseAsync([incident.Shard]);
        var id = CommandId.Of("note");

        var unreachable = await Assert.ThrowsAsync<OwnerUnreachableException>(() => nodes[0].Actors.CallAsync(id, incident, Desk.Human, new AddNote("a")));

        Assert.Contains(incident.ToString(), unreachable.Message);
        await nodes[0].Host.TakeAsync([incident.Shard]);
        Assert.Equal(Reason.Noted, (await nodes[0].Actors.CallAsync(id, incident, Desk.Human, new AddNote("a"))).Reason);
    }
}
