using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine.Turns;
using Incidents.Engine.Views;
using Incidents.Journal.Sqlite;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Services;

namespace Incidents.Journal.Tests;

/// <summary>The list of what waits for an operator follows the journal.</summary>
public abstract class LetterViewTests : IDisposable
{
    private static readonly CommandId Odd = CommandId.Of("odd");
    private readonly Desk _desk;
    private readonly SqliteViews _views;

    private protected LetterViewTests(Store store)
    {
        _desk = new Desk(store);
        _views = new SqliteViews(_desk.ViewsFile, 0);
    }

    [Fact]
    public void Letters_and_given_up_pages_wait_newest_first_until_somebody_decides()
    {
        var engine = _desk.Configured();
        var incident = _desk.Incident(engine, "disk");
        var page = GiveUp(engine, incident);
        engine.Post(Desk.Message(Odd, incident, new EndStorm("not for incidents")));
        Settle(engine);

        var both = _views.Letters(null, 0, 10);
        Assert.Equal([Odd.ToString(), page], both.Select(l => l.Id));
        Assert.Equal((LetterKind.Message, Desk.Now, incident.ToString(), "service:end-storm", incident.Key, 1L, "no rule for the command EndStorm"),
            (both[0].Kind, both[0].Since, both[0].To, both[0].Type, both[0].Incident, both[0].Attempts, both[0].Why));
        Assert.Equal((LetterKind.Page, $"page/{page}", "page:deliver", incident.Key, 1L, "RecipientRefused: 550 nobody"), (both[1].Kind, both[1].To, both[1].Type, both[1].Incident, both[1].Attempts, both[1].Why));
        Assert.Equal([page], _views.Letters(null, both[0].Number, 10).Select(l => l.Id));
        Assert.Equal([page], _views.Letters(LetterKind.Page, 0, 10).Select(l => l.Id));
        Assert.Equal((1, 1), (_views.CountLetters()[LetterKind.Message], _views.CountLetters()[LetterKind.Page]));

        _desk.Call(engine, StreamId.Letter(Odd), new DiscardLetter("nonsense"));
        _desk.Call(engine, StreamId.Page(page), new RetryGivenUp("the mailbox is there now"));
        Settle(engine);

        Assert.Empty(_views.Letters(null, 0, 10));
        Assert.Equal((0, 0), (_views.CountLetters()[LetterKind.Message], _views.CountLetters()[LetterKind.Page]));
    }

    [Fact]
    public void What_fails_again_is_in_the_list_again_once()
    {
        var engine = _desk.Configured();
        engine.Post(Desk.Message(Odd, StreamId.Responder("olga"), new EndStorm("not for people")));
        Settle(engine);
        _desk.Call(engine, StreamId.Letter(Odd), new RetryLetter(""));
        Settle(engine);

        Assert.Equal(2, Assert.Single(_views.Letters(null, 0, 10)).Attempts);
    }

    [Fact]
    public void A_test_that_failed_is_nothing_to_decide_on()
    {
        var engine = _desk.Configured();
        _desk.Call(engine, StreamId.Responder("olga"), new TestResponder(null));
        Settle(engine);
        var test = _desk.Read(StreamId.Responder("olga")).OfType<ResponderTested>().Single().Pages[0];
        _desk.Call(engine, StreamId.Page(test), new ReportAttempt(1, DeliveryResult.Of(DeliveryReason.ServerError, "451")));
        Settle(engine);

        Assert.IsType<PageGivenUp>(_desk.Read(StreamId.Page(test))[^1]);
        Assert.IsType<TestEnded>(_desk.Read(StreamId.Responder("olga"))[^1]);
        Assert.Empty(_views.Letters(null, 0, 10));
    }

    public void Dispose()
    {
        _views.Dispose();
        _desk.Dispose();
        GC.SuppressFinalize(this);
    }

    private string GiveUp(TurnEngine engine, StreamId incident)
    {
        Settle(engine);
        var page = PageContent.IdOf(incident.Key, 0, 0, "olga", 0);
        _desk.Call(engine, StreamId.Page(page), new ReportAttempt(1, DeliveryResult.Of(DeliveryReason.RecipientRefused, "550 nobody")));
        Settle(engine);
        return page;
    }

    private void Settle(TurnEngine engine)
    {
        for (engine.Advance(Desk.Now); engine.HasWork || engine.Queued > 0; engine.Advance(Desk.Now))
            _desk.Commit(engine);
        _views.Apply(_desk.History.After(_views.Position, 100_000), _desk.History.Position);
    }
}
