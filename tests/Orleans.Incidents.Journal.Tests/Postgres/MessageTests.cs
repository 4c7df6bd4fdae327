using Incidents.Engine;
using Incidents.Engine.Turns;

namespace Incidents.Journal.Tests.Postgres;

/// <summary>Messages that wait lie in order of time and are found by all of their key.</summary>
public sealed class MessageTests : IDisposable
{
    private const long Later = 4_000_000_000_000_000_000;

    private readonly PostgresStore _store = new();
    private readonly Desk _desk;

    public MessageTests() => _desk = new Desk(_store);

    [Fact]
    public void What_is_due_is_read_along_the_key_and_not_sorted()
    {
        var plan = _store.Ask("SET enable_seqscan=off; SET enable_bitmapscan=off; EXPLAIN (FORMAT JSON) SELECT id FROM message WHERE lane=0 AND (due, id) > (0, '\\x00') AND due<=1 ORDER BY due, id LIMIT 10");

        Assert.Contains("message_pkey", plan);
        Assert.DoesNotContain("Sort", plan);
        Assert.Equal("message_by_crossing message_by_target message_pkey message_unplaced", _store.Ask("SELECT string_agg(indexname, ' ' ORDER BY indexname) FROM pg_indexes WHERE tablename='message'"));
    }

    [Fact]
    public void A_message_that_is_done_with_is_deleted_by_its_whole_key()
    {
        var engine = _desk.Configured();
        var made = _desk.StoreAtOnce(engine);
        Copy();

        Assert.Equal(FlushStatus.Committed, _desk.Commit(engine).Status);

        Assert.Equal($"{Later}", Dues(made));
    }

    [Fact]
    public void An_attempt_is_counted_by_the_whole_key()
    {
        var made = _desk.StoreAtOnce(_desk.Configured());
        Copy();

        // A process that starts behind a death tries what it finds, one after the other, and says so first.
        var engine = new TurnEngine(_store.Reader(), _desk, new EngineOptions(), new Beginning(_desk.Journal.Position, [], AfterDeath: true), _desk.Journal.Speech);
        engine.Advance(Desk.Now);
        _desk.Commit(engine);

        Assert.Equal(("1", "0"), (Attempts(made.Due), Attempts(Later)));
    }

    public void Dispose() => _desk.Dispose();

    // The same message once more at another time, which nobody makes.
    private void Copy() => _store.Edit(
        $"INSERT INTO message (lane, due, id, target, by_id, by_kind, type, payload) SELECT lane, {Later}, id, target, by_id, by_kind, type, payload FROM message WHERE due<0");

    private string Dues(MessageWork message) => _store.Ask($"SELECT string_agg(due::text, ' ') FROM message WHERE id='\\x{Convert.ToHexString(message.Id.ToBytes())}'");

    private string Attempts(long due) => _store.Ask($"SELECT attempts FROM message WHERE due={due}");
}
