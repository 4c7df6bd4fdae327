using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Responders;
using Incidents.Testing;

namespace Incidents.Journal.Tests.Postgres;

/// <summary>Connections that are cut around a commit: nothing is lost, nothing is there twice, and nobody guesses.</summary>
public sealed class CutTests : IDisposable
{
    private const long Gate = 7;

    private readonly Relay _relay = new(PostgresServer.Shared.Port);
    private readonly PostgresStore _store;
    private readonly Desk _desk;
    private readonly TurnEngine _engine;

    public CutTests()
    {
        _store = new PostgresStore(port: _relay.Port);
        _desk = new Desk(_store);
        _engine = _desk.Configured();
        Desk.Alert(_engine, "r", ("disk", Severity.Critical));
    }

    // The commit is sent with what it counts on where the log's end is known, and by itself where it is not, as behind a cut.
    [Fact]
    public async Task A_cut_before_the_commit_is_settled_as_lost_where_it_was_sent_and_lost_for_certain_where_it_was_not()
    {
        var flush = Desk.Seal(_engine);
        var sent = await CutAsync(flush);
        var settled = _desk.Journal.Settle(flush);
        _engine.Complete(settled, Desk.Now);
        var notSent = await CutAsync(Desk.Seal(_engine));

        Assert.Equal((FlushStatus.Unknown, FlushStatus.Lost, FlushStatus.Lost), (sent.Status, settled.Status, notSent.Status));
        AssertIsThere(times: 0);
        GoOn(notSent);
    }

    [Fact]
    public async Task A_backend_that_dies_within_the_commit_is_settled_as_lost()
    {
        SlowCommits();
        var flush = Desk.Seal(_engine);
        using var other = Hold($"SELECT pg_advisory_xact_lock({Gate})");
        var committing = Task.Run(() => _desk.Journal.Commit(flush), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the commit is under way", () => _store.Waiting("journal") == 1);

        _store.Terminate("journal");
        Assert.Equal(FlushStatus.Unknown, (await committing).Status);
        var outcome = _desk.Journal.Settle(flush);

        Assert.Equal(FlushStatus.Lost, outcome.Status);
        Assert.Equal(FlushStatus.Lost, _desk.Journal.Settle(flush).Status);
        other.Dispose();
        AssertIsThere(times: 0);
        GoOn(outcome);
    }

    [Fact]
    public async Task A_commit_that_lands_late_is_waited_for_and_settled_as_committed()
    {
        SlowCommits();
        var flush = Desk.Seal(_engine);
        var other = Hold($"SELECT pg_advisory_xact_lock({Gate})");
        var committing = Task.Run(() => _desk.Journal.Commit(flush), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the commit is under way", () => _store.Waiting("journal") == 1);

        // We are cut off, and the server does not know.
        _relay.HalfOpen();
        Assert.Equal(FlushStatus.Unknown, (await committing).Status);
        AssertIsThere(times: 0);
        var settling = Task.Run(() => _desk.Journal.Settle(flush), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the settling waits for the late commit", () => _store.Waiting("journal") == 2);
        other.Dispose();
        var outcome = await settling;

        Assert.Equal((FlushStatus.Committed, 2L, 2L), (outcome.Status, outcome.Position, _desk.Journal.Position));
        Assert.Empty(outcome.Lost);
        AssertIsThere(times: 1);
        GoOn(outcome);
    }

    [Fact]
    public async Task A_flush_that_was_settled_first_never_commits_however_late_it_comes()
    {
        var flush = Desk.Seal(_engine);

        var settled = _desk.Journal.Settle(flush);
        var late = await Task.Run(() => _desk.Journal.Commit(flush), TestContext.Current.CancellationToken);

        Assert.Equal((FlushStatus.Lost, FlushStatus.Unknown), (settled.Status, late.Status));
        Assert.Equal(FlushStatus.Lost, _desk.Journal.Settle(flush).Status);
        AssertIsThere(times: 0);
        GoOn(settled);
    }

    [Fact]
    public async Task A_stream_that_another_session_holds_and_moves_on_loses_alone_and_the_other_499_commits_of_the_flush_land()
    {
        GoOn(_desk.Journal.Commit(Desk.Seal(_engine)));
        var streams = Enumerable.Range(0, 500).Select(i => StreamId.Responder($"responder-{i}")).ToList();
        var (contested, others) = (streams[250], streams.Where((_, i) => i != 250).ToList());
        Configure(streams, "before");
        GoOn(_desk.Journal.Commit(Desk.Seal(_engine)));
        var rival = Hold($"UPDATE head SET version=version+1 WHERE stream='{contested}'");
        Configure(streams, "after");
        var flush = Desk.Seal(_engine);
        Assert.Equal(500, flush.Commits.Count(c => c.Events.Count > 0));
        var committing = Task.Run(() => _desk.Journal.Commit(flush), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the flush waits for the stream", () => _store.Waiting("journal") == 1);

        using (var end = new Npgsql.NpgsqlCommand("COMMIT", rival))
            await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        rival.Dispose();
        var outcome = await committing;

        Assert.Equal((FlushStatus.Committed, contested), (outcome.Status, Assert.Single(outcome.Lost).Slot.Stream));
        Assert.All(Names(others), name => Assert.Equal("after", name));
        _store.Edit($"UPDATE head SET version=version-1 WHERE stream='{contested}'");
        Assert.Equal(["before"], Names([contested]));
        GoOn(outcome);
        Assert.Equal(["after"], Names([contested]));
    }

    // A flush without events is sent as one and has no commit of its own to fail.
    [Theory]
    [InlineData("disk")]
    [InlineData("memory")]
    public void What_the_server_refuses_at_the_very_end_of_a_transaction_is_not_taken_for_committed(string alert)
    {
        GoOn(_desk.Journal.Commit(Desk.Seal(_engine)));
        _store.Edit("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today' USING ERRCODE='53100'; END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON flush DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
            """);
        Desk.Alert(_engine, "again", (alert, Severity.Critical));
        var flush = Desk.Seal(_engine);
        var before = _desk.Journal.Position;
        Assert.Equal(alert != "disk", flush.Commits.Any(c => c.Events.Count > 0));

        var refused = _desk.Journal.Commit(flush);
        var position = _desk.Journal.Position;
        _store.Edit("DROP TRIGGER refuse ON flush");

        Assert.Equal((FlushStatus.Lost, before), (refused.Status, position));
        GoOn(refused);
        Assert.True(_desk.Journal.Position > before);
    }

    [Fact]
    public void Reads_go_on_behind_a_cut()
    {
        GoOn(_desk.Journal.Commit(Desk.Seal(_engine)));
        var reader = _store.Reader();
        Assert.NotEmpty(reader.Load([Desk.Group("disk")])[0].Events);

        _relay.HalfOpen();

        Assert.NotEmpty(reader.Load([Desk.Group("disk")])[0].Events);
        Assert.True(_desk.History.Position > 1);
    }

    public void Dispose()
    {
        _desk.Dispose();
        _relay.Dispose();
    }

    // Commits wait for a lock of ours, within the server.
    private void SlowCommits() => _store.Edit($"""
        CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock({Gate}); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON flush DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate()
        """);

    private void Configure(List<StreamId> responders, string name)
    {
        foreach (var stream in responders)
            _desk.Call(_engine, stream, new ConfigureResponder(new ResponderDefinition(stream.Key, name, [new Contact("console", stream.Key, null)])));
    }

    private async Task<FlushOutcome> CutAsync(Flush flush)
    {
        using var other = Hold("SELECT pg_advisory_xact_lock(5279124193573097285)");
        var committing = Task.Run(() => _desk.Journal.Commit(flush), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync("the flush waits for the end of the log", () => _store.Waiting("journal") == 1);
        _store.Terminate("journal");
        return await committing;
    }

    private IEnumerable<string> Names(IReadOnlyList<StreamId> responders) =>
        _store.Reader().Load(responders).Select(i => i.Events.OfType<ResponderConfigured>().Last().Definition.Name);

    private Npgsql.NpgsqlConnection Hold(string sql)
    {
        var connection = _store.Connect();
        using var hold = new Npgsql.NpgsqlCommand($"BEGIN; {sql}", connection);
        hold.ExecuteNonQuery();
        return connection;
    }

    private void AssertIsThere(int times) => Assert.Equal(times, _desk.Read(Desk.Group("disk")).OfType<GroupOpened>().Count());

    private void GoOn(FlushOutcome outcome)
    {
        _engine.Complete(outcome, Desk.Now);
        if (_engine.HasWork || _engine.Queued > 0)
            _desk.Commit(_engine);
        AssertIsThere(times: 1);
        _desk.AssertVerifies();
    }
}
