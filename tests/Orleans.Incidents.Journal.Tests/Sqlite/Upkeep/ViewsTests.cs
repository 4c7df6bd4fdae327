using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Views;
using Incidents.Incidents;
using Incidents.Journal.Sqlite;
using NodaTime;

namespace Incidents.Journal.Tests.Sqlite;

/// <summary>Lists follow the journal, and are the same when they are made anew: while they are read, after a crash in between, from damage.</summary>
public sealed class ViewsTests : IDisposable
{
    private static readonly IncidentFilter All = new(null, null, null, false, null, int.MaxValue);

    private readonly Desk _desk = new();
    private readonly Engine.Turns.TurnEngine _engine;

    public ViewsTests()
    {
        _engine = _desk.Configured();
        for (var i = 0; i < 20; i++)
        {
            var incident = _desk.Incident(_engine, $"g{i}");
            Desk.Alert(_engine, $"repeat {i}", ($"g{i}", Severity.Critical));
            _desk.Commit(_engine);
            _desk.Call(_engine, incident, i % 3 == 0 ? new ResolveIncident() : i % 3 == 1 ? new AcknowledgeIncident() : new AddNote("seen"));
            _desk.Commit(_engine);
        }
    }

    private string File => _desk.File + ".views";

    [Fact]
    public async Task Lists_made_anew_are_the_lists_as_they_were()
    {
        using var views = new SqliteViews(File, _desk.Journal.Position);
        using var projector = Start(views);
        await projector.WaitAsync(_desk.Journal.Position, TestContext.Current.CancellationToken);
        var before = views.List(All);

        Assert.Equal(_desk.Journal.Position, await projector.RebuildAsync());

        Assert.Equal(20, before.Count);
        Assert.Equal(before, views.List(All));
        Assert.Null(projector.Rebuilding);
    }

    [Fact]
    public async Task While_lists_are_made_anew_the_old_ones_are_read_and_follow()
    {
        using var views = new SqliteViews(File, _desk.Journal.Position);
        using var slow = new SlowViews(views);
        using var projector = Start(slow);
        await projector.WaitAsync(_desk.Journal.Position, TestContext.Current.CancellationToken);

        var anew = projector.RebuildAsync();
        Assert.Same(anew, projector.RebuildAsync());
        slow.AwaitDraft();
        Assert.Equal(20, views.List(All).Count);
        slow.Continue();
        await anew;

        _desk.OnFlushed = projector.Flushed;
        _desk.Incident(_engine, "later");
        await projector.WaitAsync(_desk.Journal.Position, TestContext.Current.CancellationToken);
        Assert.Equal(21, views.List(All).Count);
    }

    [Fact]
    public async Task What_was_just_flushed_is_shown_without_reading_it_back_and_the_same()
    {
        using var views = new SqliteViews(File, _desk.Journal.Position);
        views.Apply(_desk.History.After(0, int.MaxValue), _desk.Journal.Position);
        using var projector = new Projector(new NoHistory(_desk.Journal.Position), views);
        _desk.OnFlushed = projector.Flushed;
        projector.Start();

        for (var i = 0; i < 5; i++)
            _desk.Call(_engine, _desk.Incident(_engine, $"new {i}"), new AcknowledgeIncident());
        _desk.Commit(_engine);
        await projector.WaitAsync(_desk.Journal.Position, TestContext.Current.CancellationToken);

        Assert.Null(projector.Broken);
        Assert.Equal(Anew(v => v.List(All)), views.List(All));
        Assert.Equal(Anew(v => v.Waiting(WaitingKind.Page, Instant.MaxValue, 100)), views.Waiting(WaitingKind.Page, Instant.MaxValue, 100));
        Assert.Equal(25, views.List(All).Count);
    }

    [Fact]
    public async Task A_flush_that_was_not_told_of_is_read()
    {
        using var views = new SqliteViews(File, _desk.Journal.Position);
        using var projector = Start(views);
        _desk.Incident(_engine, "untold");
        _desk.OnFlushed = projector.Flushed;
        _desk.Incident(_engine, "told");

        await projector.WaitAsync(_desk.Journal.Position, TestContext.Current.CancellationToken);

        Assert.Equal(Anew(v => v.List(All)), views.List(All));
        Assert.Equal(22, views.List(All).Count);
    }

    [Fact]
    public void A_crash_in_the_middle_leaves_the_old_lists_and_nothing_else()
    {
        List<IncidentRow> before;
        using (var views = new SqliteViews(File, _desk.Journal.Position))
        {
            views.Apply(_desk.History.After(0, int.MaxValue), _desk.Journal.Position);
            before = [.. views.List(All)];
            var draft = views.Draft();
            draft.Apply(_desk.History.After(0, 10), 3);

            // The process ends here: what it had open is as a crash leaves it.
            System.IO.File.Copy(File + "-new", File + "-crashed");
            draft.Dispose();
            System.IO.File.Move(File + "-crashed", File + "-new");
        }

        using var again = new SqliteViews(File, _desk.Journal.Position);

        Assert.Equal(before, again.List(All));
        Assert.Equal(_desk.Journal.Position, again.Position);
        Assert.False(System.IO.File.Exists(File + "-new"));
    }

    [Fact]
    public async Task A_making_anew_that_fails_is_told_and_the_old_lists_stay()
    {
        using var views = new SqliteViews(File, _desk.Journal.Position);
        using var projector = Start(views);
        await projector.WaitAsync(_desk.Journal.Position, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(File + "-new");

        await Assert.ThrowsAnyAsync<Exception>(projector.RebuildAsync);

        Assert.Equal(20, views.List(All).Count);
        Directory.Delete(File + "-new");
        Assert.Equal(_desk.Journal.Position, await projector.RebuildAsync());
    }

    [Fact]
    public void Damaged_lists_are_made_anew_by_the_next_start()
    {
        System.IO.File.WriteAllText(File, string.Concat(Enumerable.Repeat("not a database ", 500)));

        using var views = new SqliteViews(File, _desk.Journal.Position);

        Assert.Equal(0, views.Position);
    }

    [Fact]
    public void Lists_of_a_journal_that_has_come_further_are_made_anew()
    {
        using (var views = new SqliteViews(File, _desk.Journal.Position))
            views.Apply([], 1000);

        using var again = new SqliteViews(File, _desk.Journal.Position);

        Assert.Equal(0, again.Position);
    }

    [Fact]
    public async Task Lists_that_cannot_be_written_for_a_while_say_so_and_follow_again()
    {
        using var views = new SqliteViews(File, _desk.Journal.Position);
        using var full = new SlowViews(views) { Refuses = true };
        using var projector = Start(full);
        await Eventually.TrueAsync("the trouble is seen", () => projector.Broken is IOException);
        Assert.Equal(0, projector.Position);

        full.Refuses = false;

        await projector.WaitAsync(_desk.Journal.Position, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the trouble is over", () => projector.Broken is null);
        Assert.Equal(20, views.List(All).Count);
    }

    [Fact]
    public void A_row_says_when_its_repeats_were_counted()
    {
        using var views = new SqliteViews(File, _desk.Journal.Position);

        views.Apply(_desk.History.After(0, int.MaxValue), _desk.Journal.Position);

        Assert.All(views.List(All), row => Assert.Equal(Desk.Now, row.CountedAt));
    }

    public void Dispose() => _desk.Dispose();

    private T Anew<T>(Func<SqliteViews, T> read)
    {
        using var views = new SqliteViews(File + "-anew", _desk.Journal.Position);
        views.Apply(_desk.History.After(views.Position, int.MaxValue), _desk.Journal.Position);
        return read(views);
    }

    private Projector Start(IIncidentViews views)
    {
        var projector = new Projector(_desk.History, views);
        projector.Start();
        return projector;
    }

    // Whoever reads it reads back what it was told.
    private sealed class NoHistory(long position) : IJournalHistory
    {
        public long Position => position;

        public long UncoveredFrom => throw new InvalidOperationException();

        public IReadOnlyDictionary<long, StreamRow> Rows(IReadOnlyCollection<long> numbers) => throw new InvalidOperationException();

        public StoredBlock? Block(long position) => throw new InvalidOperationException();

        public IReadOnlyList<StoredBlock> Blocks(long from, int limit) => throw new InvalidOperationException();

        public (long Position, int Number)? Request(CommandId key) => throw new InvalidOperationException();

        public StreamId? Stream(long number) => throw new InvalidOperationException();

        public IReadOnlyList<StoredEvent> Events(StreamId stream, long from, int limit) => throw new InvalidOperationException();

        public IReadOnlyList<StoredEvent> After(long position, int atLeast) => throw new InvalidOperationException();

        public IReadOnlyList<StoredEvent> Configured(ActorKind kind) => throw new InvalidOperationException();

        public IReadOnlyList<StreamId> Streams(ActorKind kind) => throw new InvalidOperationException();

        public IReadOnlyList<RefusedRow> RefusedBefore(long id, int limit, string? identity = null, string? integration = null) => throw new InvalidOperationException();
    }
}
