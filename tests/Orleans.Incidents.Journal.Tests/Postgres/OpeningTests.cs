using Incidents.Alerts;
using Incidents.Engine;
using Incidents.Journal.Postgres;
using Incidents.Testing;

namespace Incidents.Journal.Tests.Postgres;

/// <summary>What is opened, and what is refused in one line.</summary>
public sealed class OpeningTests
{
    private readonly PostgresServer _server = PostgresServer.Shared;

    [Fact]
    public async Task A_database_that_needs_a_newer_program_is_refused_and_not_touched()
    {
        using var store = new PostgresStore();
        store.Edit("UPDATE meta SET value='99' WHERE key IN ('oldest', 'schema')");

        var refused = await RefusedAsync(store.Address);

        Assert.Matches($"newer version of the program .schema 99; programs that know 99 may run; this one knows {PostgresMigrations.Newest}", refused);
        Assert.Equal("99", store.Ask("SELECT convert_from(value, 'UTF8') FROM meta WHERE key='schema'"));
    }

    [Fact]
    public async Task A_program_runs_on_a_newer_schema_that_still_allows_it()
    {
        using var store = new PostgresStore();
        store.Edit("UPDATE meta SET value='99' WHERE key='schema'; ALTER TABLE head ADD COLUMN later int");
        store.Terminate("owner");

        using var owner = await store.TakeAsync();

        using var desk = new Desk(new Borrowed(store, owner));
        var engine = desk.Configured();
        Desk.Alert(engine, "r", ("disk", Severity.Critical));
        Assert.Equal(FlushStatus.Committed, desk.Commit(engine).Status);
    }

    [Fact]
    public async Task Processes_that_start_together_bring_a_database_up_to_date_once()
    {
        var address = new PostgresAddress(_server.Connection(_server.CreateDatabase()));
        using var first = address.OpenFirst("one");
        using var second = address.OpenFirst("two");

        var cancel = TestContext.Current.CancellationToken;
        await Task.WhenAll(Task.Run(() => PostgresMigrations.Apply(first, address), cancel), Task.Run(() => PostgresMigrations.Apply(second, address), cancel));

        Assert.Equal(256, first.Rows("SELECT count(*) FROM shard", r => r.GetInt64(0))[0]);
    }

    [Fact]
    public async Task A_wrong_password_is_one_line_without_it()
    {
        var refused = await RefusedAsync(new PostgresAddress(_server.NetworkConnection("postgres", "my secret")));

        Assert.Contains("user or password is wrong", refused);
        Assert.DoesNotContain("my secret", refused);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_line() =>
        Assert.Contains("cannot be reached", await RefusedAsync(new PostgresAddress("Host=127.0.0.1;Port=1;Username=x;Password=my secret;Database=y")));

    [Fact]
    public async Task A_database_that_is_not_there_is_one_line() =>
        Assert.Contains("create it first", await RefusedAsync(new PostgresAddress(_server.Connection("nowhere"))));

    [Fact]
    public void A_connection_that_cannot_be_read_is_refused_without_repeating_it() =>
        Assert.DoesNotContain("my secret", Assert.Throws<JournalRefusedException>(() => new PostgresAddress("Password=my secret;Nonsense=1")).Message);

    [Fact]
    public async Task Commits_that_are_not_waited_for_are_refused()
    {
        using var store = new PostgresStore();
        store.Edit($"ALTER DATABASE {store.Database} SET synchronous_commit=off");

        Assert.Contains("weaker than promised (synchronous_commit is off; on is needed)", await RefusedAsync(store.Address));
    }

    [Fact]
    public async Task A_server_that_does_not_sync_is_refused()
    {
        using var server = PostgresServer.StartOwn("-c fsync=off -c full_page_writes=off");

        Assert.Contains("weaker than promised (fsync is off, full_page_writes is off; on is needed)", await RefusedAsync(new PostgresAddress(server.Connection("postgres"))));
    }

    [Fact]
    public void A_restart_of_the_server_loses_nothing_and_is_gone_through()
    {
        using var server = PostgresServer.StartOwn();
        using var desk = new Desk(new PostgresStore(server));
        var engine = desk.Configured();
        Desk.Alert(engine, "before", ("disk", Severity.Critical));
        Assert.Equal(FlushStatus.Committed, desk.Commit(engine).Status);

        Desk.Alert(engine, "during", ("cpu", Severity.Critical));
        var flush = Desk.Seal(engine);
        server.Stop("immediate");
        var during = desk.Journal.Commit(flush);
        server.Start();

        Assert.Equal(FlushStatus.Lost, during.Status);
        engine.Complete(during, Desk.Now);
        Assert.Equal(FlushStatus.Committed, desk.Commit(engine).Status);
        Assert.All(new[] { "disk", "cpu" }, group => Assert.NotEmpty(desk.Read(Desk.Group(group))));
        desk.AssertVerifies();
    }

    private static async Task<string> RefusedAsync(PostgresAddress address)
    {
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(
            () => PostgresOwner.TakeAsync(address, () => Task.CompletedTask, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    // Another owner's view of a store that the test disposes itself.
    private sealed class Borrowed(PostgresStore store, PostgresOwner owner) : Store
    {
        public override IJournalReader Reader() => store.Reader();

        public override IStoredHistory History() => store.History();

        public override IWaitingMessages Waiting() => store.Waiting();

        public override VerificationReport Verify() => store.Verify();

        public override void Edit(string sql) => store.Edit(sql);

        public override void Forbid(string type, string? containing = null, string saying = "forbidden") => store.Forbid(type, containing, saying);

        public override void Allow() => store.Allow();

        protected override IJournalStore OpenJournal() => new PostgresJournal(owner);

        protected override void Close()
        {
        }
    }
}
