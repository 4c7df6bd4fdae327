using Incidents.Alerts;
using Incidents.Engine;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Incidents;
using NodaTime;

namespace Incidents.Journal.Tests;

/// <summary>Repeats are kept in one row a group, so that a sender that repeats for ever does not fill the journal.</summary>
public abstract class RepeatsTests : IDisposable
{
    private readonly Desk _desk;

    private protected RepeatsTests(Store store) => _desk = new Desk(store);

    [Fact]
    public void Repeats_are_saved_in_a_row_and_a_start_reads_no_block_for_them()
    {
        var engine = Repeated(3);
        Assert.NotEmpty(Recovery.Uncovered(_desk.History));

        _desk.Save(engine, Desk.Now + Duration.FromMinutes(1));
        var image = _desk.Reader().Load([Desk.Group("disk")])[0];

        Assert.Equal((3, 3), (image.Saved!.Repeats.Count, image.Saved.Through));
        Assert.Empty(Recovery.Uncovered(_desk.History));
        Assert.DoesNotContain(image.Events, e => e is AlertsRepeated);
    }

    [Fact]
    public void The_first_repeats_are_an_event_within_a_minute_so_that_lists_count_them()
    {
        var engine = _desk.Configured();
        _desk.Incident(engine, "disk");
        Desk.Alert(engine, "again", ("disk", Severity.Critical));
        _desk.Commit(engine);

        _desk.Save(engine, Desk.Now + Duration.FromMinutes(1));

        Assert.Equal(1, Assert.Single(_desk.Read(Desk.Group("disk")).OfType<AlertsRepeated>()).Count);
    }

    [Fact]
    public void What_came_behind_the_row_is_counted_once()
    {
        var engine = Repeated(3);
        _desk.Save(engine, Desk.Now + Duration.FromMinutes(1));
        Desk.Alert(engine, "later", ("disk", Severity.Critical));
        _desk.Commit(engine);

        var found = Assert.Single(Recovery.Uncovered(_desk.History));

        Assert.Equal((Desk.Group("disk"), 4), (found.Group, found.Repeats.Count));
    }

    [Fact]
    public void The_next_process_covers_with_its_event_what_the_last_one_saved()
    {
        _desk.Save(Repeated(3), Desk.Now + Duration.FromMinutes(1));
        var next = _desk.Engine();

        Desk.Alert(next, "raise", ("disk", Severity.Error));
        _desk.Commit(next);

        Assert.Equal(3, Assert.Single(_desk.Read(Desk.Group("disk")).OfType<AlertsRepeated>()).Count);
        Assert.Null(_desk.Reader().Load([Desk.Group("disk")])[0].Saved);
        _desk.AssertVerifies();
    }

    [Fact]
    public void A_group_that_is_repeated_for_ever_writes_ever_fewer_events()
    {
        var engine = _desk.Configured();
        _desk.Incident(engine, "disk");
        var before = _desk.Read(Desk.Group("disk")).Count;
        for (var minute = 1; minute <= 500; minute++)
        {
            Desk.Alert(engine, $"minute {minute}", ("disk", Severity.Critical));
            _desk.Save(engine, Desk.Now + Duration.FromMinutes(minute));
        }

        Assert.InRange(_desk.Read(Desk.Group("disk")).Count - before, 30, 48);
        var row = _desk.Reader().Load([Desk.Group("disk")])[0];
        Assert.Equal(500, row.Saved?.Through ?? ((GroupState)Fold(row)).Repeats);
    }

    [Fact]
    public void The_stored_form_is_read_as_it_was_written()
    {
        var saved = new SavedRepeats(7, new Repeats("olga", 70_000, Desk.Now, default(LastSeen).With(0, Desk.Now).With(300, Desk.Now + Duration.FromDays(400))), 99_000);

        var read = RepeatsRow.Read(7, RepeatsRow.Write(saved));

        Assert.Equal((saved.Through, saved.Repeats.By, saved.Repeats.Count, saved.Repeats.Since), (read.Through, read.Repeats.By, read.Repeats.Count, read.Repeats.Since));
        Assert.Equal(saved.Repeats.Seen.InOrder(), read.Repeats.Seen.InOrder());
    }

    public void Dispose()
    {
        _desk.Dispose();
        GC.SuppressFinalize(this);
    }

    private static object Fold(StreamImage image) => image.Events.Aggregate(image.Snapshot ?? GroupState.Initial, (state, e) => GroupState.Evolve((GroupState)state, e));

    private TurnEngine Repeated(int times)
    {
        var engine = _desk.Configured(new EngineOptions { CoverShare = 0 });
        _desk.Incident(engine, "disk");
        for (var i = 0; i < times; i++)
            Desk.Alert(engine, $"again {i}", ("disk", Severity.Critical));
        _desk.Commit(engine);
        return engine;
    }
}
