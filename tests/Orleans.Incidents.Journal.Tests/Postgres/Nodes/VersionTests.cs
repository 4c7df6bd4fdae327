using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Journal.Postgres;
using Incidents.Testing;

namespace Incidents.Journal.Tests.Postgres.Nodes;

/// <summary>Nodes of two versions on one database: what is new is written once every node reads it, and then no node enters that does not.</summary>
public sealed class VersionTests
{
    private static readonly Vocabulary Older = Vocabulary.Current;
    private static readonly Vocabulary Newer = HeldTests.Newer("incident.note-added");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_new_is_not_written_while_a_node_lives_that_does_not_read_it_and_is_when_that_has_left(bool inOrder)
    {
        await using var nodes = await Cluster.StartAsync(3, null, Newer, Newer, Older);
        var books = await nodes.SendAsync(6, () => true);
        await nodes.AssertBooksAsync(books);
        var incident = await IncidentAsync(nodes, nodes[0]);
        Look(nodes);

        var refused = await NoteAsync(nodes[1], incident);

        Assert.Equal((Reason.NodesOfAnOlderVersion, false), (refused.Reason, refused.Changed));
        Assert.True((await nodes[1].Actors.CallAsync(CommandId.Of("a"), incident, Desk.Human, new AcknowledgeIncident())).Changed);
        foreach (var (number, group) in await nodes.SendAsync(30, () => true, batch: 3))
            books.Add(number, group);
        await nodes.AssertBooksAsync(books);
        Assert.Equal("0", nodes.Store.Ask("SELECT mark()"));

        await LeaveAsync(nodes, nodes[2], inOrder);
        Look(nodes);

        Assert.Equal(Reason.Noted, (await NoteAsync(nodes[1], incident)).Reason);
        Assert.Single(nodes.Store.Read(incident).OfType<NoteAdded>());
        Assert.Equal("5", nodes.Store.Ask("SELECT mark()"));
        Assert.Equal("5", nodes.Store.Ask("SELECT convert_from(value, 'UTF8') FROM meta WHERE key='oldest'"));
    }

    [Fact]
    public async Task A_node_that_does_not_read_what_is_written_neither_enters_nor_takes_a_shard_nor_stays()
    {
        await using var nodes = await Cluster.StartAsync(1, null, Newer);
        await nodes.AssertBooksAsync(await nodes.SendAsync(1, () => true));
        var (standing, sleeping) = (nodes.Add(vocabulary: Older), nodes.Add(vocabulary: Older));
        nodes.Store.Edit("UPDATE node SET seen=0 WHERE reads=4");
        var incident = await IncidentAsync(nodes, nodes[0]);
        Assert.Equal(Reason.Noted, (await NoteAsync(nodes[0], incident)).Reason);
        var owner = nodes.Store.Ask("SELECT node FROM shard WHERE number=0");

        var entering = Assert.Throws<JournalRefusedException>(() => PostgresShards.Enter(nodes.Store.Address, "late", Older)).Message;
        sleeping.IsLeaving = true;
        await Assert.ThrowsAsync<OperationCanceledException>(() => sleeping.Host.TakeAsync([0]));
        standing.IsLeaving = true;
        var staying = Assert.Throws<JournalBrokenException>(() => standing.Journal.Check()).Message;

        var taking = Assert.IsType<JournalBrokenException>(await sleeping.Host.Ended).Message;
        Assert.All([entering, taking, staying], said => Assert.EndsWith("holds what a newer version of the program has written (a node must read 5; this one reads 4); start that version instead", said));
        Assert.Equal(owner, nodes.Store.Ask("SELECT node FROM shard WHERE number=0"));
        Assert.Equal("0", nodes.Store.Ask("SELECT max(seen) FROM node WHERE reads=4"));
    }

    [Fact]
    public async Task A_node_that_enters_behind_the_look_of_another_is_seen_by_the_flush()
    {
        await using var nodes = await Cluster.StartAsync(1, null, Newer);
        await nodes.AssertBooksAsync(await nodes.SendAsync(1, () => true));
        var incident = await IncidentAsync(nodes, nodes[0]);
        Assert.Equal(5, nodes[0].Journal.Speech.Speaks);
        nodes.Add(vocabulary: Older);

        var refused = await NoteAsync(nodes[0], incident);

        Assert.Equal(Reason.NodesOfAnOlderVersion, refused.Reason);
        Assert.Empty(nodes.Store.Read(incident).OfType<NoteAdded>());
        Assert.Equal("0", nodes.Store.Ask("SELECT mark()"));
        Assert.False(nodes[0].Host.Failing);
    }

    [Fact]
    public void A_flush_of_what_owns_everything_proves_that_every_node_reads_it_and_writes_nothing_where_one_does_not()
    {
        var store = new PostgresStore(vocabulary: Newer);
        using var desk = new Desk(store);
        var engine = desk.Configured();
        var incident = desk.Incident(engine, "disk");
        CallAnswer? answer = null;
        engine.Post(new CallWork(CommandId.Of("note"), incident, Desk.Human, new AddNote("new"), a => answer = a));
        var flush = Desk.Seal(engine);
        var position = desk.History.Position;
        PostgresShards.Enter(store.Address, "older", Older);

        var outcome = desk.Journal.Commit(flush);

        Assert.Equal((FlushStatus.Lost, true, false), (outcome.Status, outcome.IsTooNew, outcome.IsFailure));
        Assert.Equal((position, "0"), (desk.History.Position, store.Ask("SELECT mark()")));
        engine.Complete(outcome, Desk.Now);
        engine.Step(Desk.Now);
        Assert.Null(engine.Seal(Desk.Now));
        Assert.Equal(Reason.NodesOfAnOlderVersion, answer!.Value.Reason);

        store.Edit("UPDATE node SET seen=0 WHERE name='older'");
        store.Owner.Check();
        desk.Call(engine, incident, new AddNote("again"));
        Assert.Equal(FlushStatus.Committed, desk.Commit(engine).Status);
        Assert.Equal(["again"], desk.Notes(incident));
        Assert.Equal("5", store.Ask("SELECT mark()"));

        // What is marked is not asked for again, whoever is there.
        store.Edit("UPDATE node SET reads=4 WHERE name='older'; CREATE OR REPLACE FUNCTION speak(needed int) RETURNS int LANGUAGE sql AS 'SELECT 0'");
        desk.Call(engine, incident, new AddNote("once more"));
        Assert.Equal(FlushStatus.Committed, desk.Commit(engine).Status);
        desk.AssertVerifies();
    }

    [Fact]
    public async Task A_process_of_an_older_version_that_stands_by_is_refused_when_it_would_take_over_and_from_then_on_at_its_start()
    {
        using var store = new PostgresStore(vocabulary: Newer);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taking = store.TakeAsync(told.SetResult, vocabulary: Older);
        await told.Task;
        store.Edit("INSERT INTO meta (key, value) VALUES ('speaks', '5')");

        store.Terminate("owner");

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => taking.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken));
        Assert.Contains("a node must read 5; this one reads 4", refused.Message);
        Assert.Equal(refused.Message, (await Assert.ThrowsAsync<JournalRefusedException>(() => store.TakeAsync(vocabulary: Older))).Message);
    }

    [Fact]
    public async Task A_process_that_takes_everything_over_waits_for_none_of_those_before()
    {
        using var store = new PostgresStore(vocabulary: Older);
        store.Terminate("owner");

        using var next = await store.TakeAsync(vocabulary: Newer);

        next.Check();
        Assert.Equal(5, next.Shards.Speech.Speaks);
    }

    [Fact]
    public async Task Starts_that_nobody_saw_for_a_week_are_forgotten_but_for_those_that_own_a_shard()
    {
        await using var nodes = await Cluster.StartAsync(1);
        var (gone, recent) = (nodes.Add(), nodes.Add());
        nodes.Store.Edit("UPDATE node SET seen=seen-604800001 WHERE name IN ('node-0', 'node-1'); UPDATE node SET seen=seen-604000000 WHERE name='node-2'");

        nodes.Add();

        Assert.Equal("node-0,node-2,node-3", nodes.Store.Ask("SELECT string_agg(name, ',' ORDER BY id) FROM node"));
        nodes[0].Journal.Check();
        Assert.Equal("2", nodes.Store.Ask("SELECT count(*) FROM node WHERE seen>=(extract(epoch FROM clock_timestamp())*1000)::bigint-60000"));
        gone.IsLeaving = true;
        Assert.Contains("start it again", Assert.Throws<JournalBrokenException>(() => gone.Journal.Check()).Message);
        Assert.True(recent.IsUp);
    }

    [Fact]
    public async Task An_alert_that_another_node_has_accepted_waits_at_its_owner_moves_with_its_shard_and_is_decided_once()
    {
        var newer = HeldTests.Newer("group.opened");
        await using var nodes = await Cluster.StartAsync(3, null, newer, newer, Older);
        Look(nodes);
        var item = Cluster.Problem(1);
        await TakeAsync(nodes, nodes[0], item.Group.Shard);

        Assert.Null((await nodes[2].AcceptAsync("r", [item])).Failed);

        // A look comes behind what the others had sent by then.
        Assert.Equal(0, (await nodes[0].Host.ReadAsync(item.Group)).Version);
        Assert.Equal(Reason.NodesOfAnOlderVersion, (await nodes[0].AcceptAsync("s", [item])).Failed?.Reason);
        await TakeAsync(nodes, nodes[1], item.Group.Shard);
        Assert.Equal(0, (await nodes[1].Host.ReadAsync(item.Group)).Version);
        Assert.Equal("1", nodes.Store.Ask("SELECT count(*) FROM message WHERE type='group:take-alerts'"));
        await LeaveAsync(nodes, nodes[2], inOrder: true);
        Look(nodes);

        await nodes.AssertBooksAsync(new Dictionary<int, StreamId> { [1] = item.Group });
        Assert.Single(nodes.Store.Read(item.Group).OfType<GroupOpened>());
        Assert.Equal("0", nodes.Store.Ask("SELECT count(*) FROM head WHERE stream LIKE 'letter%'"));
    }

    private static Task<CallAnswer> NoteAsync(Node node, StreamId incident) =>
        node.Actors.CallAsync(CommandId.Of("note"), incident, Desk.Human, new AddNote("new"), remembered: true);

    // An incident that a node owns.
    private static async Task<StreamId> IncidentAsync(Cluster nodes, Node owner)
    {
        var incident = StreamId.Incident(nodes.Pages.Keys.First().Split('-')[0]);
        await TakeAsync(nodes, owner, incident.Shard);
        return incident;
    }

    private static async Task TakeAsync(Cluster nodes, Node node, int shard)
    {
        if (node.Host.Owns(shard))
            return;
        await nodes.Up.Single(n => n.Host.Owns(shard)).Host.ReleaseAsync([shard]);
        await node.Host.TakeAsync([shard]);
    }

    // What every node does once a second.
    private static void Look(Cluster nodes)
    {
        foreach (var node in nodes.Up)
            Assert.Empty(node.Journal.Check());
    }

    private static async Task LeaveAsync(Cluster nodes, Node node, bool inOrder)
    {
        int[] shards = [.. node.Host.Shards];
        if (inOrder)
        {
            await node.Host.ReleaseAsync(shards);
            node.IsLeaving = true;
            Assert.Null(await node.Host.StopAsync(Eventually.Patience));
            node.Journal.EndInOrder();
        }
        else
        {
            await node.KillAsync();
            nodes.Store.Edit("UPDATE node SET seen=seen-60001 WHERE reads=4");
        }

        await nodes[0].Host.TakeAsync(shards);
    }
}
