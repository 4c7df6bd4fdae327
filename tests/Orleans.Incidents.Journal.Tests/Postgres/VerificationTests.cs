using Incidents.Alerts;
using Incidents.Journal.Postgres;

namespace Incidents.Journal.Tests.Postgres;

/// <summary>Every kind of tampering is found, and what is allowed to be missing is not.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly PostgresStore _store = new();
    private readonly Desk _desk;

    public VerificationTests()
    {
        _desk = new Desk(_store);
        var engine = _desk.Configured();
        _desk.Incident(engine, "disk");
        _desk.Incident(engine, "cpu");
        Desk.Alert(engine, "repeat", ("disk", Severity.Critical));
        _desk.Commit(engine);
    }

    [Fact]
    public void An_untouched_journal_verifies()
    {
        var report = _store.Verify();

        Assert.Empty(report.Faults);
        Assert.Equal((_desk.Journal.Position, _desk.History.After(0, 1000).Count), (report.Flushes, (int)report.Events));
    }

    [Theory]
    [InlineData("UPDATE event SET payload='{}' WHERE {3}", "event 1 was changed")]
    [InlineData("UPDATE event SET payload=payload || ' ' WHERE {3}", "event 1 was changed")]
    [InlineData("UPDATE event SET actor='mallory' WHERE {3}", "event 1 was changed")]
    [InlineData("UPDATE event SET time=time+1 WHERE {3}", "event 1 was changed")]
    [InlineData("UPDATE event SET on_behalf_of='' WHERE {3}", "event 1 was changed")]
    [InlineData("UPDATE event SET hash=decode(repeat('00', 32), 'hex') WHERE {3}", "event 1 was changed")]
    [InlineData("DELETE FROM event WHERE {3}", "the head says version")]
    [InlineData("UPDATE event SET flush=(SELECT number FROM flush WHERE position=1), place=100 WHERE {3}", "belong there")]
    [InlineData("UPDATE event SET place=-place WHERE flush=(SELECT number FROM flush WHERE position=2)", "belong there")]
    [InlineData("UPDATE head SET version=version+1 WHERE stream='service/shop'", "the head says version")]
    [InlineData("UPDATE head SET stream='service/other' WHERE stream='service/shop'", "was changed")]
    [InlineData("INSERT INTO head (stream, version, hash) VALUES ('identity/mallory', 1, '')", "the head says version")]
    [InlineData("UPDATE block SET bytes=bytes || '\\x00' WHERE flush=(SELECT number FROM flush WHERE position=4)", "receipt block was changed")]
    [InlineData("UPDATE flush SET block_hash=NULL WHERE position=4", "leaf does not follow")]
    [InlineData("UPDATE flush SET time=time+1 WHERE position=2", "leaf does not follow")]
    [InlineData("UPDATE flush_id SET id='\\x00' WHERE number=(SELECT number FROM flush WHERE position=2)", "leaf does not follow")]
    [InlineData("UPDATE flush SET root='\\x00' WHERE position=2", "the root over the log so far differs")]
    [InlineData("UPDATE flush SET last_event=last_event-1 WHERE position=2", "says that it ends at event")]
    [InlineData("DELETE FROM flush WHERE position=2", "flush 2 is missing")]
    [InlineData("DELETE FROM flush WHERE position=4", "flush 4 is missing")]
    [InlineData("UPDATE log_end SET position=3", "stands behind the end of the log")]
    [InlineData("UPDATE log_end SET position=3; DELETE FROM flush WHERE position=4", "flushes are missing at the end")]
    [InlineData("UPDATE log_end SET merkle='\\x00'", "flushes are missing at the end")]
    public void Tampering_is_found(string edit, string fault)
    {
        _store.Edit(edit.Replace("{3}", "flush=(SELECT number FROM flush WHERE position=2) AND place=1", StringComparison.Ordinal));

        Assert.Contains(_store.Verify().Faults, f => f.Contains(fault));
    }

    [Theory]
    [InlineData("DELETE FROM block")]
    [InlineData("DELETE FROM request")]
    [InlineData("DELETE FROM refused")]
    [InlineData("DELETE FROM snapshot")]
    public void What_ages_out_leaves_the_rest_verifiable(string edit)
    {
        _store.Edit(edit);

        Assert.Empty(_store.Verify().Faults);
    }

    [Fact]
    public void A_late_event_that_was_changed_is_named_by_the_start()
    {
        _store.Edit("UPDATE event SET actor='mallory' WHERE flush=(SELECT number FROM flush WHERE position=3) AND place=1");

        var refused = Assert.Throws<JournalRefusedException>(() => new PostgresJournal(_store.Owner));

        Assert.Matches(@"is damaged: group/\S+: event 1 was changed", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    public void Dispose() => _desk.Dispose();
}
