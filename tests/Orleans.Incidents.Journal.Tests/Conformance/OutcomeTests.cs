using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Incidents;

namespace Incidents.Journal.Tests;

/// <summary>How a flush ends: committed but for what has lost, rejected, or settled after nobody knew.</summary>
public abstract class OutcomeTests : IDisposable
{
    private readonly Desk _desk;

    private protected OutcomeTests(Store store) => _desk = new Desk(store);

    [Fact]
    public void A_stream_that_moved_on_loses_alone_with_its_dependents_and_runs_again()
    {
        var engine = _desk.Configured();
        var (contested, other) = (_desk.Incident(engine, "contested"), _desk.Incident(engine, "other"));
        MoveOn(contested, "by another");
        _desk.Call(engine, contested, new AddNote("first"));
        _desk.Call(engine, contested, new AddNote("second"));
        _desk.Call(engine, other, new AddNote("kept"));

        var outcome = _desk.Commit(engine);

        Assert.Equal(FlushStatus.Committed, outcome.Status);
        Assert.All(outcome.Lost, c => Assert.Equal(contested, c.Slot.Stream));
        Assert.Equal(["kept"], _desk.Notes(other));
        Assert.Equal(["by another"], _desk.Notes(contested));
        _desk.AssertVerifies();

        Assert.Empty(_desk.Commit(engine).Lost);
        Assert.Equal(["by another", "first", "second"], _desk.Notes(contested));
        _desk.AssertVerifies();
    }

    [Fact]
    public void What_rests_on_a_lost_commit_moves_its_own_head_back_to_what_stays()
    {
        var engine = _desk.Configured();

        // One request of two groups stays together: the contested group takes the shared one's second event with it.
        Desk.Alert(engine, "kept", ("shared", Severity.Error));
        Desk.Alert(engine, "lost", ("contested", Severity.Critical), ("shared", Severity.Critical));
        var flush = Desk.Seal(engine);
        var rival = _desk.Engine();
        Desk.Alert(rival, "rival", ("contested", Severity.Critical));
        _desk.Commit(rival);

        var outcome = _desk.Journal.Commit(flush);

        Assert.Contains(outcome.Lost, c => c.Slot.Stream == Desk.Group("contested"));
        Assert.Equal([typeof(GroupOpened)], _desk.Read(Desk.Group("shared")).Select(e => e.GetType()));
        _desk.AssertVerifies();
        engine.Complete(outcome, Desk.Now);
        _desk.Commit(engine);
        Assert.Equal([typeof(GroupOpened), typeof(AlertFired)], _desk.Read(Desk.Group("shared")).Select(e => e.GetType()));
        _desk.AssertVerifies();
    }

    [Fact]
    public void A_message_that_fails_alone_is_counted_where_a_restart_finds_it()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "p", ("page", Severity.Critical));
        _desk.Commit(engine);
        engine.Advance(Desk.Now);
        var flush = Desk.Seal(engine);
        Assert.IsType<Commit>(Assert.Single(flush.Entries));
        _desk.Store.Forbid("page.attempt-started");

        Assert.Equal(FlushStatus.Rejected, _desk.Journal.Commit(flush).Status);

        Assert.Equal(1, Assert.Single(_desk.Reader().Due(Lane.Outward, DueKey.Start, long.MaxValue, 10)).Attempts);
    }

    [Fact]
    public void Content_that_the_store_refuses_is_rejected_and_leaves_nothing_behind()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        var flush = Desk.Seal(engine);
        _desk.Store.Forbid("incident.opened");

        var outcome = _desk.Journal.Commit(flush);

        Assert.Equal((FlushStatus.Rejected, 1L, _desk.Store.Said("forbidden")), (outcome.Status, _desk.Journal.Position, outcome.Detail));
        _desk.AssertVerifies();
        _desk.Store.Allow();
        Assert.Equal(FlushStatus.Committed, _desk.Journal.Commit(flush).Status);
        _desk.AssertVerifies();
    }

    [Fact]
    public void A_flush_that_did_commit_is_settled_as_committed()
    {
        var engine = _desk.Configured();
        var unaware = _desk.Open();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        var flush = Desk.Seal(engine);
        _desk.Journal.Commit(flush);

        var outcome = unaware.Settle(flush);

        Assert.Equal((FlushStatus.Committed, 2L), (outcome.Status, outcome.Position));
        Assert.Empty(outcome.Lost);
        AssertGoesOn(engine, outcome, unaware);
    }

    [Fact]
    public void A_flush_that_did_commit_is_settled_with_what_it_left_out()
    {
        var engine = _desk.Configured();
        var contested = _desk.Incident(engine, "contested");
        MoveOn(contested, "by another");
        _desk.Call(engine, contested, new AddNote("lost"));
        Desk.Alert(engine, "r", ("kept", Severity.Critical));
        var flush = Desk.Seal(engine);
        var unaware = _desk.Open();
        var known = _desk.Journal.Commit(flush);

        var settled = unaware.Settle(flush);

        Assert.Equal(FlushStatus.Committed, settled.Status);
        Assert.NotEmpty(known.Lost);
        Assert.Equal(known.Lost, settled.Lost);
    }

    [Fact]
    public void A_flush_that_never_committed_never_can_and_its_commands_run_again()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        var flush = Desk.Seal(engine);

        var outcome = _desk.Journal.Settle(flush);

        Assert.Equal(FlushStatus.Lost, outcome.Status);
        Assert.Empty(_desk.Read(Desk.Group("disk")));
        AssertGoesOn(engine, outcome, _desk.Journal);
        Assert.Single(_desk.Read(Desk.Group("disk")));
    }

    public void Dispose()
    {
        _desk.Dispose();
        GC.SuppressFinalize(this);
    }

    private void AssertGoesOn(TurnEngine engine, FlushOutcome outcome, IJournalStore journal)
    {
        engine.Complete(outcome, Desk.Now);
        Desk.Alert(engine, "next", ("next", Severity.Critical));
        Assert.Equal(FlushStatus.Committed, journal.Commit(Desk.Seal(engine)).Status);
        Assert.NotEmpty(_desk.Read(Desk.Group("next")));
        _desk.AssertVerifies();
    }

    private void MoveOn(StreamId incident, string note)
    {
        var rival = _desk.Engine();
        _desk.Call(rival, incident, new AddNote(note));
        _desk.Commit(rival);
    }
}
