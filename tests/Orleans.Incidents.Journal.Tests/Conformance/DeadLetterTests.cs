using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Incidents;
using Incidents.Letters;
using Incidents.Services;

namespace Incidents.Journal.Tests;

/// <summary>A message that fails for what it holds waits for an operator, and is done once when it is put back.</summary>
public abstract class DeadLetterTests : IDisposable
{
    private static readonly CommandId Odd = CommandId.Of("odd");
    private readonly Desk _desk;

    private protected DeadLetterTests(Store store) => _desk = new Desk(store);

    [Fact]
    public void A_message_that_no_rule_knows_becomes_a_letter_and_everything_else_goes_on()
    {
        var engine = _desk.Configured();
        var incident = _desk.Incident(engine, "disk");
        engine.Post(Desk.Message(Odd, incident, new EndStorm("not for incidents")));
        _desk.Call(engine, incident, new AddNote("still works"));

        Settle(engine);

        var kept = Assert.IsType<LetterKept>(Assert.Single(_desk.Read(StreamId.Letter(Odd))));
        Assert.Equal((incident, new EndStorm("not for incidents"), Desk.Human, 1, Desk.Now), (kept.To, kept.Command, kept.By, kept.Attempts, kept.At));
        Assert.Equal("no rule for the command EndStorm", kept.Why);
        Assert.Equal(["still works"], _desk.Notes(incident));
        Assert.Equal("KeptAside", _desk.History.Events(StreamId.Letter(Odd), 1, 1)[0].Envelope.Reason);
        _desk.AssertVerifies();
    }

    [Fact]
    public void An_opening_that_could_not_be_stored_is_put_back_under_its_own_id_and_done_once()
    {
        var engine = _desk.Configured();
        Forbid("incident.opened");
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        Settle(engine);
        var (letter, kept) = Letter();
        Assert.Equal((3, _desk.Store.Said("forbidden")), (kept.Attempts, kept.Why));
        Assert.Empty(_desk.Read(kept.To));
        Allow();

        var reasons = Decide(engine, letter, new RetryLetter("mended"), new RetryLetter("again"), new DiscardLetter("no"));
        Settle(engine);

        Assert.Equal([Reason.LetterRetried, Reason.LetterSettled, Reason.LetterSettled], reasons);
        Assert.Equal([typeof(LetterKept), typeof(LetterRetried)], _desk.Read(letter).Select(e => e.GetType()));
        Assert.Single(_desk.Read(kept.To).OfType<IncidentOpened>());
        Assert.Equal(Desk.Human.Id, _desk.History.Events(kept.To, 1, 1)[0].Envelope.Actor);
        Assert.Single(_desk.Read(StreamId.Responder("olga")).OfType<Responders.ResponderPaged>());
        _desk.AssertVerifies();
    }

    [Fact]
    public void A_message_that_is_put_back_survives_a_crash_and_keeps_its_id_and_who_it_is_from()
    {
        var engine = _desk.Configured();
        Forbid("incident.opened");
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        Settle(engine);
        var (letter, kept) = Letter();
        Allow();
        engine.Post(new CallWork(CommandId.Of("retry"), letter, new Caller("otto", Identities.IdentityKind.Human), new RetryLetter(""), _ => { }));
        engine.Step(Desk.Now, turns: 1);
        engine.Complete(_desk.Journal.Commit(engine.Seal(Desk.Now)!), Desk.Now);

        var next = _desk.Engine();
        var stored = Assert.Single(_desk.Reader().Due(Lane.Inside, DueKey.Start, 0, 10));
        Assert.Equal((letter, Desk.Human, kept.To), (StreamId.Letter(stored.Id), stored.By, stored.To));
        Settle(next);

        Assert.Single(_desk.Read(kept.To).OfType<IncidentOpened>());
        _desk.AssertVerifies();
    }

    [Fact]
    public void What_fails_again_waits_again()
    {
        var engine = _desk.Configured();
        Forbid("incident.opened");
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        Settle(engine);
        var (letter, kept) = Letter();

        Decide(engine, letter, new RetryLetter("perhaps"));
        Settle(engine);

        Assert.Equal([typeof(LetterKept), typeof(LetterRetried), typeof(LetterKept)], _desk.Read(letter).Select(e => e.GetType()));
        var again = Letter().Kept;
        Assert.Equal((kept.To, ((OpenIncident)kept.Command!).Title, 6), (again.To, ((OpenIncident)again.Command!).Title, again.Attempts));
        Assert.Empty(_desk.Read(kept.To));
        Assert.Equal([Reason.LetterDiscarded, Reason.LetterSettled], Decide(engine, letter, new DiscardLetter("enough"), new RetryLetter("")));
    }

    [Fact]
    public void What_cannot_be_stored_as_a_letter_either_leaves_one_that_is_empty()
    {
        var engine = _desk.Configured();
        Forbid("incident.opened");
        _desk.Store.Forbid("letter.kept", "Problem disk", "no letters");
        Desk.Alert(engine, "r", ("disk", Severity.Critical));

        Settle(engine);

        var (letter, kept) = Letter();
        Assert.Null(kept.Command);
        Assert.Equal($"{_desk.Store.Said("forbidden")}; what it holds cannot be stored either: {_desk.Store.Said("no letters")}", kept.Why);
        Assert.Equal([Reason.LetterEmpty, Reason.LetterDiscarded], Decide(engine, letter, new RetryLetter(""), new DiscardLetter("cannot be done")));
        _desk.AssertVerifies();
    }

    [Fact]
    public void What_is_too_long_for_a_letter_leaves_one_that_is_empty_and_the_engine_goes_on()
    {
        var engine = _desk.Engine(new EngineOptions { MaxPayload = 1000 });
        var kept = new List<LetterKept>();
        for (var length = 500; length < 1000; length += 10)
        {
            var id = CommandId.Of($"long {length}");
            engine.Post(Desk.Message(id, StreamId.Responder("olga"), new EndStorm(new string('x', length))));
            Settle(engine);
            kept.Add((LetterKept)Assert.Single(_desk.Read(StreamId.Letter(id))));
        }

        Assert.Equal(new EndStorm(new string('x', 500)), kept[0].Command);
        Assert.Null(kept[^1].Command);
        Assert.All(kept.Where(k => k.Command is null), k => Assert.Matches("what it holds cannot be stored either: letter[.:]kee?pt? would be [0-9]+ bytes long; 1000 are allowed", k.Why));
        Assert.Equal(kept.OrderBy(k => k.Command is null), kept);
        _desk.AssertVerifies();
    }

    public void Dispose()
    {
        _desk.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Forbid(string type) => _desk.Store.Forbid(type);

    private void Allow() => _desk.Store.Allow();

    private (StreamId Letter, LetterKept Kept) Letter()
    {
        var letter = Assert.Single(_desk.History.Streams(ActorKind.Letter));
        return (letter, (LetterKept)_desk.Read(letter)[^1]);
    }

    private List<Reason> Decide(TurnEngine engine, StreamId letter, params ICommand[] commands)
    {
        var reasons = new List<Reason>();
        foreach (var command in commands)
            engine.Post(new CallWork(CommandId.Of($"decide {command} {_desk.History.Position}"), letter, Desk.Human, command, a => reasons.Add(a.Reason)));
        Settle(engine);
        return reasons;
    }

    private void Settle(TurnEngine engine)
    {
        engine.Advance(Desk.Now);
        for (var left = 100; engine.HasWork || engine.Queued > 0; left--)
        {
            Assert.True(left > 0, "the engine does not come to rest");
            _desk.Commit(engine);
        }
    }
}
