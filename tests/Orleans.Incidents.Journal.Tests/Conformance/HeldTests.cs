using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;

namespace Incidents.Journal.Tests;

/// <summary>While a node lives that does not read a new event or message, none is written, nothing is lost and everything else goes on.</summary>
public abstract class HeldTests : IDisposable
{
    private readonly Desk _desk;

    private protected HeldTests(Store store) => _desk = new Desk(store);

    [Fact]
    public void What_was_always_understood_needs_nothing_and_a_letter_needs_what_it_holds()
    {
        var vocabulary = Newer("incident.note-added", "service:end-storm");
        var end = new EndStorm("i");
        var keep = new KeepLetter(StreamId.Service("s"), end, Desk.Human, "w", 1);

        Assert.Equal(4, Vocabulary.Current.Reads);
        Assert.Equal(0, Vocabulary.Current.Needs(new NoteAdded("b", "n")));
        Assert.Equal([5, 0, 5], new object[] { new NoteAdded("b", "n"), new AddNote("n"), end }.Select(vocabulary.Needs));
        Assert.Equal([5, 0, 5], new object[] { keep, keep with { Command = null }, new LetterKept(keep.To, keep, keep.By, "", 1, Desk.Now) }.Select(vocabulary.Needs));
        Assert.Throws<ArgumentException>(() => new Vocabulary(4, new Dictionary<string, int> { ["incident.note-added"] = 5 }));
    }

    [Fact]
    public void A_call_that_would_write_something_new_is_refused_by_name_until_every_node_reads_it()
    {
        var speech = new Speech(Newer("incident.note-added")) { Speaks = 4 };
        var engine = _desk.Configured(speech: speech);
        var incident = _desk.Incident(engine, "disk");

        Assert.Equal([Reason.NodesOfAnOlderVersion, Reason.Acknowledged], Call(engine, incident, new AddNote("new"), new AcknowledgeIncident()));
        Assert.Empty(_desk.Notes(incident));
        speech.Speaks = 5;
        Assert.Equal([Reason.Noted], Call(engine, incident, new AddNote("new")));

        Assert.Equal(["new"], _desk.Notes(incident));
        _desk.AssertVerifies();
    }

    [Fact]
    public void An_alert_that_would_write_something_new_is_refused_as_a_whole_so_that_its_sender_tries_again()
    {
        var speech = new Speech(Newer("group.opened")) { Speaks = 4 };
        var engine = _desk.Configured(speech: speech);

        Assert.Equal(Reason.NodesOfAnOlderVersion, Ask(engine, "disk")!.Value.Failed?.Reason);
        Assert.Empty(_desk.Read(Desk.Group("disk")));
        speech.Speaks = 5;
        Assert.Null(Ask(engine, "disk")!.Value.Failed);

        Assert.Single(_desk.Read(Desk.Group("disk")).OfType<GroupOpened>());
        _desk.AssertVerifies();
    }

    [Fact]
    public void A_message_that_would_write_something_new_stays_stored_with_all_that_comes_behind_it_and_is_no_letter()
    {
        var speech = new Speech(Newer("incident.opened")) { Speaks = 4 };
        var engine = _desk.Configured(speech: speech);

        Assert.Null(Ask(engine, "disk")!.Value.Failed);
        var incident = StreamId.Incident(_desk.Read(Desk.Group("disk")).OfType<GroupOpened>().Single().Incident);
        engine.Post(Desk.Message(CommandId.Of("behind"), incident, new ReportUnreached(0, 0, "olga", Reason.NoContact)));
        Settle(engine);

        Assert.Empty(_desk.Read(incident));
        Assert.IsType<OpenIncident>(Assert.Single(Stored(), m => m.To == incident).Command);
        Assert.Empty(_desk.History.Streams(ActorKind.Letter));
        speech.Speaks = 5;
        Settle(engine);

        Assert.IsType<IncidentOpened>(_desk.Read(incident)[0]);
        Assert.Single(_desk.Read(incident).OfType<TargetNotReached>());
        Assert.Single(_desk.Read(StreamId.Responder("olga")).OfType<ResponderPaged>());
        Assert.DoesNotContain(Stored(), m => m.AtOnce && m.Command is OpenIncident);
        _desk.AssertVerifies();
    }

    [Fact]
    public void What_is_held_is_held_by_the_next_process_too_and_done_once()
    {
        var vocabulary = Newer("incident.opened");
        Ask(_desk.Configured(speech: new Speech(vocabulary) { Speaks = 4 }), "disk");
        var speech = new Speech(vocabulary) { Speaks = 4 };
        var next = _desk.Engine(speech: speech);
        Settle(next);
        var incident = Assert.Single(Stored(), m => m.Command is OpenIncident).To;
        Assert.Empty(_desk.Read(incident));

        speech.Speaks = 5;
        Settle(next);

        Assert.Single(_desk.Read(incident).OfType<IncidentOpened>());
        Assert.Empty(_desk.History.Streams(ActorKind.Letter));
        _desk.AssertVerifies();
    }

    [Fact]
    public void A_page_that_is_held_leaves_room_for_others_and_is_tried_once_when_it_may_be()
    {
        var speech = new Speech(Newer("page.attempt-started")) { Speaks = 4 };
        var engine = _desk.Configured(new EngineOptions { MaxPagesUnderWay = 1 }, speech);
        Ask(engine, "disk");
        Ask(engine, "cpu");
        StreamId[] pages = [.. _desk.Reader().Due(Lane.Outward, DueKey.Start, long.MaxValue, 10).Select(m => m.To)];
        Assert.Equal(2, pages.Length);
        Assert.All(pages, p => Assert.Empty(_desk.Read(p)));
        speech.Speaks = 5;

        Settle(engine);

        Assert.All(pages, p => Assert.Single(_desk.Read(p).OfType<PageAttemptStarted>()));
        _desk.AssertVerifies();
    }

    [Fact]
    public void Where_more_waits_than_memory_should_hold_alerts_are_refused()
    {
        var speech = new Speech(Newer("incident.opened")) { Speaks = 4 };
        var engine = _desk.Configured(new EngineOptions { MaxWaiting = 1 }, speech);

        Assert.Null(Ask(engine, "disk")!.Value.Failed);
        Assert.Equal(Reason.NodesOfAnOlderVersion, Ask(engine, "cpu")!.Value.Failed?.Reason);
        speech.Speaks = 5;

        Assert.Null(Ask(engine, "cpu")!.Value.Failed);
    }

    public void Dispose()
    {
        _desk.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A program that has these names since its number, 5.</summary>
    internal static Vocabulary Newer(params string[] names) => new(5, names.ToDictionary(n => n, _ => 5, StringComparer.Ordinal));

    private List<MessageWork> Stored() => [.. _desk.Reader().Due(Lane.Inside, DueKey.Start, 0, 10)];

    private List<Reason> Call(TurnEngine engine, StreamId to, params ICommand[] commands)
    {
        var reasons = new List<Reason>();
        foreach (var command in commands)
            engine.Post(new CallWork(CommandId.Of($"{command}"), to, Desk.Human, command, a => reasons.Add(a.Reason)));
        Settle(engine);
        return reasons;
    }

    private RequestAnswer? Ask(TurnEngine engine, string group)
    {
        RequestAnswer? answered = null;
        engine.Post(Desk.Request($"{group} {_desk.Journal.Position}", a => answered = a, (group, Severity.Critical)));
        Settle(engine);
        return answered;
    }

    private void Settle(TurnEngine engine)
    {
        engine.Advance(Desk.Now);
        for (var left = 100; engine.HasWork || engine.Queued > 0; left--)
        {
            Assert.True(left > 0, "the engine does not come to rest");
            engine.Step(Desk.Now);
            if (engine.Seal(Desk.Now) is { } flush)
                engine.Complete(flush.IsEmpty ? FlushOutcome.Committed(engine.Position) : _desk.Journal.Commit(flush), Desk.Now);
            engine.Advance(Desk.Now);
        }
    }
}
