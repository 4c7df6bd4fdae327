using Incidents.Alerts;
using Incidents.Engine;
using Incidents.Journal.Postgres;
using Incidents.Testing;

namespace Incidents.Journal.Tests.Postgres;

/// <summary>One process owns the journal; the next one takes over, and the one before can never write again.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly PostgresStore _store = new();
    private readonly Desk _desk;

    public OwnershipTests() => _desk = new Desk(_store);

    [Fact]
    public async Task A_second_process_stands_by_and_takes_over_within_two_seconds_of_the_firsts_death()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taking = _store.TakeAsync(told.SetResult);
        await told.Task;
        Assert.False(taking.IsCompleted);

        // What the server sees of a process that is killed: its connections end.
        _store.Terminate("owner");
        await Eventually.TrueAsync("the second one has taken over", () => taking.IsCompleted, TimeSpan.FromSeconds(2));

        (await taking).Dispose();
    }

    [Fact]
    public async Task A_stale_owner_writes_nothing_and_says_why()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        var flush = Desk.Seal(engine);
        using var next = await ReplaceAsync();

        var lost = Assert.Throws<OwnershipLostException>(() => _desk.Journal.Commit(flush));

        Assert.Contains("another process has taken over", lost.Message);
        Assert.Equal(1, _desk.History.Position);
        Assert.Empty(_desk.Read(Desk.Group("disk")));
        Assert.Throws<JournalBrokenException>(() => _desk.Journal.Settle(flush));
        _desk.AssertVerifies();
    }

    [Fact]
    public async Task A_stale_owner_writes_nothing_beside_flushes_either()
    {
        using var next = await ReplaceAsync();

        Action[] writes =
        [
            () => _desk.Journal.ProveWritable(Desk.Now), () => _desk.Journal.EndInOrder(), () => _desk.Journal.ForgetBeats(["x"]),
            () => _desk.Journal.WriteRefused([new RefusedRow(0, Desk.Now, "who", "where", "Malformed", "", 1)]),
        ];
        Assert.All(writes, write => Assert.ThrowsAny<JournalBrokenException>(write));
        Assert.Throws<OwnershipLostException>(_store.Owner.Check);
        Assert.Equal("0", _store.Ask("SELECT count(*) FROM refused"));
    }

    [Fact]
    public async Task A_flush_on_its_way_to_its_commit_is_waited_for_and_seen_by_the_next_owner()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        var flush = Desk.Seal(engine);
        _store.Edit("""
            CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON flush DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate()
            """);
        using var holder = _store.Connect();
        using (var hold = new Npgsql.NpgsqlCommand("BEGIN; SELECT pg_advisory_xact_lock(7)", holder))
            hold.ExecuteNonQuery();
        var committing = Task.Run(() => _desk.Journal.Commit(flush), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the commit is under way", () => _store.Waiting("journal") == 1);

        _store.Terminate("owner");
        var taking = Task.Run(() => _store.TakeAsync(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the take-over waits for it", () => _store.Waiting("owner") == 1);
        Assert.False(taking.IsCompleted);
        holder.Dispose();

        Assert.Equal(FlushStatus.Committed, (await committing).Status);
        using var next = await taking;
        using var journal = new PostgresJournal(next);
        Assert.Equal(2, journal.Position);
        _desk.AssertVerifies();
    }

    [Fact]
    public async Task The_next_owner_goes_on_where_the_last_one_stopped_and_knows_that_it_died()
    {
        var engine = _desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        var flush = Desk.Seal(engine);
        using var next = await ReplaceAsync();
        using var journal = new PostgresJournal(next);

        Assert.Equal((true, 1L), (journal.AfterDeath, journal.Position));
        Assert.Equal(FlushStatus.Committed, journal.Commit(flush).Status);
        journal.EndInOrder();
        using var after = await ReplaceAsync();
        using var last = new PostgresJournal(after);
        Assert.False(last.AfterDeath);
        _desk.AssertVerifies();
    }

    [Fact]
    public async Task An_owner_that_was_cut_off_and_not_replaced_goes_on_and_is_the_owner_again()
    {
        _store.Terminate("owner");

        _store.Owner.Check();

        _desk.Configured();
        var isWaiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancel = new CancellationTokenSource();
        var second = _store.TakeAsync(isWaiting.SetResult, cancel.Token);
        await isWaiting.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    public void Dispose() => _desk.Dispose();

    private async Task<PostgresOwner> ReplaceAsync()
    {
        _store.Terminate("owner");
        return await _store.TakeAsync();
    }
}
