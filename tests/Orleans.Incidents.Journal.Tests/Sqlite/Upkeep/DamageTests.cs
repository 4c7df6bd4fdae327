using System.Text;
using Incidents.Alerts;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Journal.Sqlite;

namespace Incidents.Journal.Tests.Sqlite;

/// <summary>A file that a disk or a person damaged: a start, a look and the walk over everything say where.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly StreamId _old;
    private readonly StreamId _new;

    public DamageTests()
    {
        var engine = _desk.Configured();
        _old = _desk.Incident(engine, "old");
        for (var i = 0; i < 70; i++)
        {
            _desk.Call(engine, _old, new AddNote($"between {i}"));
            _desk.Commit(engine);
        }

        _new = _desk.Incident(engine, "new");
    }

    private string Copy => _desk.File + ".copy";

    [Fact]
    public void A_flipped_byte_in_a_late_event_is_named_by_the_start()
    {
        Flip(_new);

        var refused = Assert.Throws<JournalRefusedException>(() => new SqliteJournal(Copy));

        Assert.Contains($"{_new}: event 1 was changed", refused.Message);
        AssertNames(_new);
    }

    [Fact]
    public void A_flipped_byte_in_an_old_event_is_named_by_whoever_reads_it()
    {
        Flip(_old);

        new SqliteJournal(Copy).Dispose();
        using var reader = new SqliteReader(Copy);
        using var history = new SqliteHistory(Copy);

        Assert.All([() => reader.Load([_old]), () => history.Events(_old, 1, 10)],
            (Func<object> read) => Assert.Contains($"{_old}: event 1 was changed", Assert.Throws<JournalBrokenException>(read).Message));
        AssertNames(_old);
    }

    [Fact]
    public void A_flipped_byte_in_a_receipt_block_is_named_by_its_flush()
    {
        // Flush 2 holds the receipts of the first alert.
        Edit("UPDATE flush SET block=CAST('x' || substr(block, 2) AS BLOB) WHERE position=2");

        Assert.Contains(Verification.Run(Copy).Faults, f => f.StartsWith("flush 2: its receipt block was changed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_of_zeroes_is_named_by_the_streams_whose_events_were_on_it()
    {
        JournalFile.Copy(_desk.File, Copy);
        var page = PageOf(_old);
        using (var file = File.OpenWrite(Copy))
        {
            file.Position = page * 4096L;
            file.Write(new byte[4096]);
        }

        var faults = Verification.Run(Copy).Faults;

        Assert.Contains(faults, f => f.StartsWith($"{_old}: what follows version 0 cannot be read", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.StartsWith("the file's structure", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.99)]
    public void A_file_that_was_cut_off_is_refused_with_a_place_and_the_walk_names_places(double part)
    {
        JournalFile.Copy(_desk.File, Copy);
        using (var file = File.OpenWrite(Copy))
            file.SetLength((long)(file.Length * part));

        var refused = Assert.Throws<JournalRefusedException>(() => new SqliteJournal(Copy));

        Assert.Matches(@"is damaged: (flush \d+|[a-z]+/[^:]+:|the list of streams behind number \d+).*restore a backup", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Contains(Verification.Run(Copy).Faults, f => f.Contains("cannot be read"));
        Assert.Matches("is damaged|does not verify", Assert.Throws<JournalRefusedException>(() => JournalFile.Restore(Copy, _desk.File + ".restored")).Message);
    }

    [Fact]
    public void An_event_of_a_newer_version_is_named_by_the_start_and_by_whoever_reads_it()
    {
        // Whole and chained, as a newer program would have written it.
        JournalFile.Copy(_desk.File, Copy);
        Rewrite(_new, "incident.dreamt");
        Rewrite(_old, "incident.dreamt");

        var refused = Assert.Throws<JournalRefusedException>(() => new SqliteJournal(Copy));
        using var reader = new SqliteReader(Copy);
        var broken = Assert.Throws<JournalBrokenException>(() => reader.Load([_old]));

        Assert.Contains("newer version", refused.Message);
        Assert.All([refused.Message, broken.Message], m => Assert.Matches(@"incident/\w+: event \d+.*'incident.dreamt'", m));
    }

    public void Dispose() => _desk.Dispose();

    private void AssertNames(StreamId stream) => Assert.Contains(Verification.Run(Copy).Faults, f => f.StartsWith($"{stream}: event 1 was changed", StringComparison.Ordinal));

    private void Flip(StreamId incident)
    {
        JournalFile.Copy(_desk.File, Copy);
        var bytes = File.ReadAllBytes(Copy);
        bytes[Place(bytes, incident) + 20] ^= 1;
        File.WriteAllBytes(Copy, bytes);
    }

    private long PageOf(StreamId incident) => Place(File.ReadAllBytes(Copy), incident) / 4096;

    // The first event's payload, found by its own words in the raw file; the last of them, because pages that split leave old bytes behind.
    private int Place(byte[] bytes, StreamId incident)
    {
        var payload = _desk.History.Events(incident, 1, 1)[0].Envelope.Payload;
        var at = bytes.AsSpan().LastIndexOf(payload);
        Assert.True(at > 0, Encoding.UTF8.GetString(payload));
        return at;
    }

    private void Edit(string sql)
    {
        JournalFile.Copy(_desk.File, Copy);
        using var database = new Database(Copy, readOnly: false);
        database.Execute(sql);
    }

    // One more event behind the two of an incident that pages.
    private void Rewrite(StreamId incident, string type)
    {
        var last = _desk.History.Events(incident, 1, int.MaxValue)[^1].Envelope;
        var next = last with { Version = last.Version + 1, Type = type, Payload = "{}"u8.ToArray() };
        var hash = Audit.Chain.Next(last.Hash, next);
        using var database = new Database(Copy, readOnly: false);
        var insert = database.Prepare(
            "INSERT INTO event SELECT (SELECT max(n)+1 FROM event), head, ?1, position, ?2, schema, time, actor, on_behalf_of, delegation, authority, approval, policy, reason, ?3, ?4 " +
            "FROM event WHERE hash=?5");
        insert.Begin();
        insert.Bind(next.Version).Bind(type).Bind(next.Payload).Bind(hash).Bind(last.Hash).Run();
        var head = database.Prepare("UPDATE head SET version=?1, hash=?2 WHERE stream=?3");
        head.Begin();
        head.Bind(next.Version).Bind(hash).Bind(incident.ToString()).Run();
    }
}
