using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Identities;
using Incidents.Incidents;
using Incidents.Testing;
using NodaTime;

namespace Incidents.Journal.Tests.Postgres.Nodes;

/// <summary>Several engine nodes on one database: who decides for what, and that nothing is lost or done twice however that changes.</summary>
public sealed class NodeTests
{
    private static readonly int[] Everything = [.. Enumerable.Range(0, StreamId.Shards)];

    [Fact]
    public async Task Alerts_given_to_any_node_lead_to_one_incident_and_one_page_each_wherever_their_shards_are()
    {
        await using var nodes = await Cluster.StartAsync(3);

        var books = await nodes.SendAsync(150, () => true, batch: 3);

        await nodes.AssertBooksAsync(books);
        Assert.Equal(3, books.Values.Select(g => nodes.OwnerOf(g)).Distinct().Count());
        Assert.All(nodes.Pages, page => Assert.Equal(1, page.Value));
    }

    [Fact]
    public async Task A_receipt_of_an_alert_for_another_nodes_group_leads_to_what_became_of_it()
    {
        await using var nodes = await Cluster.StartAsync(2);
        RequestItem[] items = [Cluster.Problem(1), Cluster.Problem(2, 1), Cluster.Problem(1, 2), Cluster.Problem(5, 3), Cluster.Problem(6, 4)];

        var answer = await nodes[0].AcceptAsync("r", items);

        Assert.Contains(items, i => !nodes[0].Host.Owns(i.Group));
        Assert.Equal(items.Any(i => !nodes[0].Host.Owns(i.Group)), Cluster.Items(nodes[0].History, answer).Any(i => i.Reason == nameof(Reason.Forwarded)));
        for (var i = 0; i < items.Length; i++)
        {
            var item = i;
            await Eventually.TrueAsync("it is decided", () => nodes.Up.Count == 2 && Cluster.Follow(nodes[0].History, answer, item) is { Stream: > 0 } found && nodes[0].History.Stream(found.Stream) == items[item].Group);
        }

        Assert.Equal(0, Cluster.Follow(nodes[0].History, answer, 2).Place);
    }

    [Fact]
    public async Task A_command_is_decided_by_the_node_that_owns_its_actor_wherever_it_was_given_and_once_however_often()
    {
        await using var nodes = await Cluster.StartAsync(3);
        await nodes.AssertBooksAsync(await nodes.SendAsync(6, () => true));
        var incident = StreamId.Incident(nodes.Pages.Keys.First().Split('-')[0]);
        var id = CommandId.Of("acknowledge");

        var answers = await Task.WhenAll(nodes.Up.Select(n => n.Actors.CallAsync(id, incident, Desk.Human, new AcknowledgeIncident(), remembered: true)));

        Assert.Single(answers, a => a.Changed);
        Assert.Single(nodes.Store.Read(incident).OfType<IncidentAcknowledged>());
        var seen = await Task.WhenAll(nodes.Up.Select(n => n.Actors.ReadAsync(incident)));
        Assert.All(seen, s => Assert.True(IsAcknowledged(s)));
    }

    [Fact]
    public async Task Shards_that_move_under_load_lose_nothing_and_double_nothing()
    {
        await using var nodes = await Cluster.StartAsync(3);
        var moves = 0;
        var sending = nodes.SendAsync(300, () => Volatile.Read(ref moves) >= 9, batch: 3);

        for (; moves < 9; moves++)
        {
            var (from, to) = (nodes[moves % 3], nodes[(moves + 1) % 3]);
            int[] some = [.. from.Host.Shards.Where((_, i) => i % 3 == 0)];
            await from.Host.ReleaseAsync(some);
            await to.Host.TakeAsync(some);
        }

        await nodes.AssertBooksAsync(await sending);
        Assert.Equal(StreamId.Shards, nodes.Up.Sum(n => n.Host.Shards.Count));
    }

    [Fact]
    public async Task A_node_whose_flushes_failed_and_whose_work_has_all_moved_finds_out_that_it_can_write_again()
    {
        await using var nodes = await Cluster.StartAsync(1);
        FailingJournal? journal = null;
        var node = nodes.Add(through: inner => journal = new FailingJournal(inner));
        await node.Host.TakeAsync(Everything);
        journal!.Fails = true;

        // Nothing but another node's message: what senders gave to this one would be tried until it is stored.
        Assert.Null((await nodes[0].AcceptAsync("r", [Cluster.Problem(1)])).Failed);
        await Eventually.TrueAsync("its flushes fail", () => node.Host.Failing);
        await nodes[0].Host.TakeAsync(Everything);
        Assert.Equal(StreamId.Shards, node.Journal.Check().Count);
        node.Host.Lose();
        await Eventually.TrueAsync("all of its work has moved", () => node.Host.Shards.Count == 0 && !nodes.Pages.IsEmpty);
        Assert.True(node.Host.Failing);

        journal.Fails = false;

        await Eventually.TrueAsync("it knows that it can write", () => !node.Host.Failing);
        Assert.Equal(1, Assert.Single(nodes.Pages).Value);
        Assert.True(nodes.Up.Count == 2 && nodes.Store.Verify().Faults.Count == 0);
    }

    [Fact]
    public async Task A_stale_owner_that_keeps_running_decides_nothing_and_answers_nothing_for_what_was_taken_from_it()
    {
        await using var nodes = await Cluster.StartAsync(2);
        var taken = 0;
        var sending = nodes.SendAsync(150, () => Volatile.Read(ref taken) >= 4, batch: 3);

        for (; taken < 4; taken++)
        {
            // It is not told: it finds out when it writes.
            var (from, to) = (nodes[taken % 2], nodes[(taken + 1) % 2]);
            await to.Host.TakeAsync([.. from.Host.Shards.Where((_, i) => i % 2 == 0)]);
        }

        await nodes.AssertBooksAsync(await sending);
        Assert.NotEmpty(nodes[0].Lost);
        Assert.NotEmpty(nodes[1].Lost);
    }

    [Fact]
    public async Task A_look_at_an_actor_whose_shard_was_taken_is_not_answered_from_memory()
    {
        await using var nodes = await Cluster.StartAsync(2);
        await nodes.AssertBooksAsync(await nodes.SendAsync(6, () => true));
        var incident = StreamId.Incident(nodes.Pages.Keys.First().Split('-')[0]);
        var stale = nodes.OwnerOf(incident)!;
        var next = nodes.Up.Single(n => n != stale);
        Assert.False((await stale.Host.ReadAsync(incident)).IsElsewhere);
        await next.Host.TakeAsync([incident.Shard]);
        await next.Host.CallAsync(CommandId.Of("a"), incident, Desk.Human, new AcknowledgeIncident());
        Assert.True(stale.Host.Owns(incident));

        // As far as it knows it is the owner: the journal says that it is not.
        var answer = await stale.Host.CallAsync(CommandId.Of("b"), incident, Desk.Human, new AddNote("late"));
        var seen = await stale.Actors.ReadAsync(incident);

        Assert.True(answer.IsElsewhere);
        Assert.True(IsAcknowledged(seen));
        Assert.Equal([incident.Shard], stale.Lost);
        Assert.Empty(nodes.Store.Read(incident).OfType<NoteAdded>());
    }

    [Fact]
    public async Task What_is_accepted_while_the_owner_is_down_is_decided_by_the_next_one()
    {
        await using var nodes = await Cluster.StartAsync(3);
        var dead = nodes[2];
        var orphaned = dead.Host.Shards;
        await dead.KillAsync();

        var books = await nodes.SendAsync(90, () => true, batch: 3);
        Assert.Contains(books.Values, g => nodes.OwnerOf(g) is null);
        Assert.Contains(books.Values, g => nodes.Store.Read(g).Count == 0);
        await Task.WhenAll(
            nodes[0].Host.TakeAsync([.. orphaned.Where(s => s % 2 == 0)]),
            nodes[1].Host.TakeAsync([.. orphaned.Where(s => s % 2 == 1)]));

        await nodes.AssertBooksAsync(books);
    }

    [Fact]
    public async Task Nodes_that_are_killed_and_replaced_under_load_lose_nothing()
    {
        await using var nodes = await Cluster.StartAsync(3);
        var kills = 0;
        var sending = nodes.SendAsync(300, () => Volatile.Read(ref kills) >= 4, batch: 3);

        for (; kills < 4; kills++)
        {
            var victim = nodes.Up[kills % nodes.Up.Count];
            var shards = victim.Host.Shards;
            var next = nodes.Add();
            await victim.KillAsync();
            await next.Host.TakeAsync([.. shards]);
        }

        await nodes.AssertBooksAsync(await sending);
    }

    [Fact]
    public async Task Repeats_that_only_receipt_blocks_hold_are_counted_on_by_the_next_owner()
    {
        await using var nodes = await Cluster.StartAsync(2);
        var item = Cluster.Problem(7);
        var owner = nodes.OwnerOf(item.Group)!;
        var other = nodes.Up.Single(n => n != owner);
        for (var i = 0; i < 5; i++)
            await owner.AcceptAsync($"r{i}", [item]);
        await other.AcceptAsync("elsewhere", [Cluster.Problem(8)]);
        await owner.KillAsync();

        await other.Host.TakeAsync([.. owner.Host.Shards]);
        await other.AcceptAsync("r5", [item]);

        var seen = await other.Host.ReadAsync(item.Group);
        Assert.Equal(5, ((GroupState)seen.State).Repeats + seen.Repeats);
    }

    [Fact]
    public async Task Timers_of_a_shard_that_moved_come_due_at_its_new_owner()
    {
        await using var nodes = await Cluster.StartAsync(2);
        var item = Cluster.Problem(9);
        var waits = new RequestItem { Index = 0, Group = item.Group, Signal = item.Signal! with { Target = item.Signal.Target with { Wait = Duration.FromMilliseconds(600) } } };
        var owner = nodes.OwnerOf(item.Group)!;
        await owner.AcceptAsync("r", [waits]);
        Assert.Empty(nodes.Pages);

        await owner.Host.ReleaseAsync([item.Group.Shard]);
        await nodes.Up.Single(n => n != owner).Host.TakeAsync([item.Group.Shard]);

        await nodes.AssertBooksAsync(new Dictionary<int, StreamId> { [9] = item.Group });
    }

    [Fact]
    public async Task The_same_request_given_to_two_nodes_at_once_is_accepted_once()
    {
        await using var nodes = await Cluster.StartAsync(2);
        RequestItem[] items = [Cluster.Problem(1), Cluster.Problem(2, 1)];

        var answers = await Task.WhenAll(nodes.Up.Select(n => n.AcceptAsync("same", items)));

        Assert.All(answers, a => Assert.Null(a.Failed));
        Assert.Single(answers.Select(a => (a.Position, a.Number)).Distinct());
        await nodes.AssertBooksAsync(new Dictionary<int, StreamId> { [1] = items[0].Group, [2] = items[1].Group });
        Assert.Equal(0, (await nodes[0].Actors.ReadAsync(items[0].Group)).Repeats);
    }

    private static bool IsAcknowledged(ReadAnswer seen) => ((IncidentState)seen.State).AcknowledgedBy is not null;

    // Loses every flush while it is told to.
    private sealed class FailingJournal(IJournal inner) : IJournal
    {
        private volatile bool _fails;

        public bool Fails { get => _fails; set => _fails = value; }

        public FlushOutcome Commit(Flush flush) => Fails ? FlushOutcome.Failed(FlushStatus.Lost, "told to") : inner.Commit(flush);

        public FlushOutcome Settle(Flush flush) => inner.Settle(flush);
    }
}
