using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Engine.Views;
using Incidents.Incidents;
using Incidents.Journal.Sqlite;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Journal.Tests;

/// <summary>What the watchdog reads: messages past their time, and what goes on by itself.</summary>
public abstract class WaitingTests : IDisposable
{
    private static readonly Instant Due = Desk.Now + Duration.FromHours(1);

    private readonly Desk _desk;
    private readonly SqliteViews _views;
    private readonly IWaitingMessages _messages;

    private protected WaitingTests(Store store)
    {
        _desk = new Desk(store);
        _views = new SqliteViews(_desk.ViewsFile, 0);
        _messages = store.Waiting();
    }

    [Fact]
    public void A_time_out_is_late_behind_its_time_and_not_at_it()
    {
        var engine = _desk.Configured();
        var incident = _desk.Incident(engine, "a");

        Assert.Equal(0, _messages.CountLate(Due, 10));
        Assert.Equal(1, _messages.CountLate(Due + Duration.Epsilon, 10));
        var late = Assert.Single(_messages.Late(Due + Duration.Epsilon, 10));
        Assert.Equal((incident.ToString(), "incident:escalate", Due), (late.To, late.Type, late.Due));
    }

    [Fact]
    public void No_more_are_counted_than_are_asked_for()
    {
        var engine = _desk.Configured();
        foreach (var group in new[] { "a", "b", "c" })
            _desk.Incident(engine, group);

        Assert.Equal((2, 3), (_messages.CountLate(Due + Duration.Epsilon, 2), _messages.CountLate(Due + Duration.Epsilon, 4)));
    }

    [Fact]
    public void What_waits_for_its_time_is_read_page_by_page()
    {
        var engine = _desk.Configured();
        foreach (var group in new[] { "a", "b", "c" })
            _desk.Incident(engine, group);
        var all = _messages.Timers(null, 100);
        Assert.Equal(3, all.Count(m => m.Type == "incident:escalate"));

        var read = new List<StoredMessage>();
        for (var page = _messages.Timers(null, 2); page.Count > 0; page = _messages.Timers(page[^1], 2))
            read.AddRange(page);

        Assert.Equal(all, read);
    }

    [Fact]
    public void What_waits_for_nothing_but_its_turn_is_seen()
    {
        Assert.Null(_messages.Next());
        var made = _desk.StoreAtOnce(_desk.Configured());
        Assert.Equal((made.Id.ToString(), made.To.ToString()), (_messages.Next()!.Id, _messages.Next()!.To));
        Assert.Equal(0, _messages.CountLate(Due, 10));
    }

    [Fact]
    public void An_escalation_waits_for_its_time_out_until_somebody_takes_it_on()
    {
        var engine = _desk.Configured();
        var incident = _desk.Incident(engine, "a");
        Follow();
        Assert.Empty(_views.Waiting(WaitingKind.Escalation, Due, 10));
        Assert.Equal([new WaitingRow(incident.Key, Due)], _views.Waiting(WaitingKind.Escalation, Due + Duration.Epsilon, 10));
        Assert.Equal(1, _views.CountWaiting(WaitingKind.Escalation, Due + Duration.Epsilon, 10));

        _desk.Call(engine, incident, new AcknowledgeIncident());
        _desk.Commit(engine);
        Follow();
        Assert.Equal(0, _views.CountWaiting(WaitingKind.Escalation, Instant.MaxValue, 10));
    }

    [Fact]
    public void An_escalation_that_lapsed_is_not_forgotten_until_somebody_acts()
    {
        var engine = _desk.Configured();
        var incident = _desk.Incident(engine, "a");
        var late = Due + Duration.FromHours(25);
        engine.Advance(late);
        engine.Step(late);
        engine.Complete(_desk.Journal.Commit(engine.Seal(late)!), late);
        Follow();
        Assert.Equal((0, 1), (_views.CountWaiting(WaitingKind.Escalation, Instant.MaxValue, 10), _views.CountWaiting(WaitingKind.Lapsed, Instant.MaxValue, 10)));

        _desk.Call(engine, incident, new ResolveIncident());
        _desk.Commit(engine);
        Follow();
        Assert.Equal(0, _views.CountWaiting(WaitingKind.Lapsed, Instant.MaxValue, 10));
    }

    [Fact]
    public void A_page_waits_from_its_making_to_its_end()
    {
        var engine = _desk.Configured();
        var incident = _desk.Incident(engine, "a");
        var page = PageContent.IdOf(incident.Key, 0, 0, "olga", 0);
        Follow();
        Assert.Equal([new WaitingRow(page, Desk.Now)], _views.Waiting(WaitingKind.Page, Instant.MaxValue, 10));

        engine.Advance(Desk.Now);
        _desk.Commit(engine);
        Follow();
        Assert.Equal([new WaitingRow(page, Desk.Now + PageRules.LostAfter)], _views.Waiting(WaitingKind.Page, Instant.MaxValue, 10));

        Report(engine, page, DeliveryResult.Of(DeliveryReason.ServerError, "500"));
        var next = _desk.Read(StreamId.Page(page)).OfType<PageAttemptFailed>().Single().NextAt;
        Assert.Equal([new WaitingRow(page, next)], _views.Waiting(WaitingKind.Page, Instant.MaxValue, 10));

        _desk.Call(engine, incident, new AcknowledgeIncident());
        for (var i = 0; i < 3; i++)
            Settle(engine);
        Follow();
        Assert.Empty(_views.Waiting(WaitingKind.Page, Instant.MaxValue, 10));
    }

    [Fact]
    public void A_test_is_nobodys_page()
    {
        var engine = _desk.Configured();
        _desk.Call(engine, StreamId.Responder("olga"), new TestResponder(null));
        Settle(engine);
        engine.Advance(Desk.Now);
        Settle(engine);
        Follow();
        Assert.Empty(_views.Waiting(WaitingKind.Page, Instant.MaxValue, 10));
    }

    [Fact]
    public void A_beat_is_one_row_that_is_never_put_back()
    {
        var journal = _desk.Journal;
        var later = Desk.Now + Duration.FromMinutes(1);
        journal.WriteBeats([new BeatRow("backup", Desk.Now, null), new BeatRow("gone", Desk.Now, later)]);
        journal.WriteBeats([new BeatRow("backup", later, later)]);
        journal.WriteBeats([new BeatRow("backup", Desk.Now, Desk.Now)]);
        journal.ForgetBeats(["gone"]);

        Assert.Equal([new BeatRow("backup", Desk.Now, later)], journal.Beats());
    }

    [Fact]
    public void A_proof_leaves_no_flush_behind()
    {
        _desk.Journal.ProveWritable(Desk.Now);
        _desk.Journal.ProveWritable(Desk.Now);
        Assert.Equal(0, _desk.History.Position);
        _desk.AssertVerifies();
    }

    public void Dispose()
    {
        _views.Dispose();
        _desk.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Report(TurnEngine engine, string page, DeliveryResult result)
    {
        _desk.Call(engine, StreamId.Page(page), new ReportAttempt(1, result));
        Settle(engine);
        Follow();
    }

    private void Settle(TurnEngine engine)
    {
        engine.Step(Desk.Now);
        if (engine.Seal(Desk.Now) is { } flush)
            engine.Complete(flush.IsEmpty ? FlushOutcome.Committed(engine.Position) : _desk.Journal.Commit(flush), Desk.Now);
    }

    private void Follow() => _views.Apply(_desk.History.After(_views.Position, 100_000), _desk.History.Position);
}
