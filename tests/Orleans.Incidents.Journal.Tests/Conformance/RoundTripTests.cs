using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Receipts;
using Incidents.Incidents;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Journal.Tests;

/// <summary>What is committed is read back, by the same process and by the next.</summary>
public abstract class RoundTripTests : IDisposable
{
    private readonly Desk _desk;

    private protected RoundTripTests(Store store) => _desk = new Desk(store);

    [Fact]
    public void A_whole_chain_is_one_flush_and_reads_back_event_by_event()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        var flush = Desk.Seal(engine);

        var outcome = _desk.Journal.Commit(flush);

        Assert.Equal((FlushStatus.Committed, 2L, 2L), (outcome.Status, outcome.Position, _desk.Journal.Position));
        Assert.Empty(outcome.Lost);
        foreach (var stream in flush.Commits.GroupBy(c => c.Slot.Stream))
        {
            var image = _desk.Reader().Load([stream.Key])[0];
            var written = stream.SelectMany(c => c.Events).ToList();
            Assert.Equal((written[^1].Version, stream.First().Slot.Number), (image.Version, image.Number));
            Assert.Equal(written[^1].Hash, image.Hash);
            Assert.Equal(written.Select(e => e.Payload), _desk.History.Events(stream.Key, written[0].Version, 100).Select(e => e.Envelope.Payload));
        }

        Assert.Contains(ActorKind.Incident, flush.Commits.Select(c => c.Slot.Stream.Kind));
        _desk.AssertVerifies();
    }

    [Fact]
    public void Everything_decided_is_in_order_of_decision_in_the_history()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        _desk.Commit(engine);

        var all = _desk.History.After(0, atLeast: 1000);

        Assert.Equal(all.GroupBy(e => e.Position).SelectMany(f => Enumerable.Range(1, f.Count())), all.Select(e => e.Place));
        Assert.Equal(all.OrderBy(e => e.Number), all);
        Assert.Equal(all.Where(e => e.Position > 1), _desk.History.After(1, atLeast: 1), EqualityComparer<StoredEvent>.Create((a, b) => a!.Number == b!.Number));
        Assert.Equal(["group.opened", "service.problem-admitted", "incident.opened", "incident.step-paged", "responder.paged"], all.Where(e => e.Position == 2).Select(e => e.Envelope.Type));
    }

    [Fact]
    public void What_was_declared_last_is_found_wherever_it_lies_in_its_stream()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "before", ("disk", Severity.Critical));
        _desk.Commit(engine);
        _desk.Call(engine, StreamId.Responder("olga"), new ConfigureResponder(new ResponderDefinition("olga", "Olga the second", [])));
        _desk.Call(engine, StreamId.Responder("ada"), new ConfigureResponder(new ResponderDefinition("ada", "Ada", [])));
        Desk.Alert(engine, "behind", ("fan", Severity.Critical));
        _desk.Commit(engine);

        Assert.Equal(["Ada", "Olga the second"], _desk.History.Configured(ActorKind.Responder).Select(e => ((ResponderConfigured)e.Happened).Definition.Name));
        Assert.Equal([(2L, 1L)], _desk.History.Configured(ActorKind.Service).Select(e => (_desk.History.Events(StreamId.Parse(e.Envelope.Stream), 1, 10)[^1].Envelope.Version - e.Envelope.Version, e.Position)));
        Assert.Empty(_desk.History.Configured(ActorKind.Group));
    }

    [Fact]
    public void Messages_that_wait_are_stored_in_their_lanes_with_who_sent_them()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        _desk.Commit(engine);
        var reader = _desk.Reader();

        var timer = Assert.Single(reader.Due(Lane.Inside, DueKey.Start, long.MaxValue, 10));
        var page = Assert.Single(reader.Due(Lane.Outward, DueKey.Start, long.MaxValue, 10));

        Assert.Equal((new EscalateIncident(0, 0), Time.Nanoseconds(Desk.Now + Duration.FromHours(1)), Desk.Human), (timer.Command, timer.Due, timer.By));
        Assert.Equal("Problem disk", Assert.IsType<DeliverPage>(page.Command).Content.Title);
        Assert.All(new[] { timer, page }, m => Assert.True(m.Stored));
    }

    [Fact]
    public void Messages_come_in_order_of_due_and_id_and_page_without_gap_or_repeat()
    {
        var engine = _desk.Configured();
        int[] waits = [3, 1, 2, 2, 1, 3, 2];
        for (var i = 0; i < waits.Length; i++)
            Desk.Alert(engine, $"r{i}", Duration.FromSeconds(waits[i]), ($"g{i}", Severity.Critical));
        _desk.Commit(engine);
        var reader = _desk.Reader();

        var all = reader.Due(Lane.Inside, DueKey.Start, long.MaxValue, 100).Select(m => new DueKey(m.Due, m.Id.Value)).ToList();
        var paged = new List<DueKey>();
        for (var after = DueKey.Start; reader.Due(Lane.Inside, after, long.MaxValue, 2) is { Count: > 0 } next; after = paged[^1])
            paged.AddRange(next.Select(m => new DueKey(m.Due, m.Id.Value)));

        Assert.Equal(waits.Length, all.Count);
        Assert.Equal(all.Order(), all);
        Assert.Equal(all, paged);
        Assert.Equal(2, reader.Due(Lane.Inside, DueKey.Start, Time.Nanoseconds(Desk.Now + Duration.FromSeconds(1)), 100).Count);
        Assert.Empty(reader.Due(Lane.Inside, DueKey.Start, Time.Nanoseconds(Desk.Now), 100));
    }

    [Fact]
    public void Receipts_and_request_ids_are_found_again()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "first", ("disk", Severity.Critical));
        Desk.Alert(engine, "second", ("disk", Severity.Critical), ("cpu", Severity.Error));
        _desk.Commit(engine);

        Assert.Equal(2, _desk.Reader().FindRequest(CommandId.Of("second"))!.Value.Position);
        Assert.Equal(1, _desk.Reader().FindRequest(CommandId.Of("second"))!.Value.Number);
        Assert.Null(_desk.Reader().FindRequest(CommandId.Of("third")));
        var block = _desk.History.Block(2)!;
        var requests = ReceiptBlock.Read(block.Bytes, block.SealedAt);
        Assert.Equal([1, 2], requests.Select(r => r.Items.Count));
        Assert.Equal((0, 1L), (requests[1].Items[0].Place, requests[1].Items[0].Ordinal));
        Assert.Equal(Desk.Group("cpu"), _desk.History.Stream(requests[1].Items[1].Stream));
        Assert.Null(_desk.History.Block(1));
    }

    [Fact]
    public void The_next_process_goes_on_where_the_last_one_stopped()
    {
        var engine = _desk.Configured();
        var incident = _desk.Incident(engine, "disk");
        var next = _desk.Open();

        Assert.Equal((_desk.Journal.Position, Convert.ToHexString(_desk.Journal.Secrets.Newest)), (next.Position, Convert.ToHexString(next.Secrets.Newest)));
        var resumed = _desk.Engine();
        _desk.Call(resumed, incident, new AddNote("resumed"));
        Assert.Equal(FlushStatus.Committed, next.Commit(Desk.Seal(resumed)).Status);
        Assert.Equal(["resumed"], _desk.Notes(incident));
        _desk.AssertVerifies();
    }

    [Fact]
    public void Refused_rows_are_listed_newest_first_and_page()
    {
        var rows = Enumerable.Range(1, 5).Select(i => new RefusedRow(0, Desk.Now, "who", "where", nameof(Reason.Malformed), $"detail {i}", i)).ToList();
        _desk.Journal.WriteRefused(rows);

        var first = _desk.History.RefusedBefore(0, 2);
        var rest = _desk.History.RefusedBefore(first[^1].Id, 10);

        Assert.Equal([5, 4], first.Select(r => r.Count));
        Assert.Equal([3, 2, 1], rest.Select(r => r.Count));
        Assert.Equal(rows[4] with { Id = first[0].Id }, first[0]);
    }

    public void Dispose()
    {
        _desk.Dispose();
        GC.SuppressFinalize(this);
    }
}
