using Incidents.Alerts;
using Incidents.Journal.Sqlite;

namespace Incidents.Journal.Tests.Sqlite;

/// <summary>Every kind of tampering is found, and what is allowed to be missing is not.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly Desk _desk = new();

    public VerificationTests()
    {
        var engine = _desk.Configured();
        _desk.Incident(engine, "disk");
        _desk.Incident(engine, "cpu");
        Desk.Alert(engine, "repeat", ("disk", Severity.Critical));
        _desk.Commit(engine);
    }

    [Fact]
    public void An_untouched_journal_verifies()
    {
        var report = Verification.Run(_desk.File);

        Assert.Empty(report.Faults);
        Assert.Equal((_desk.Journal.Position, _desk.History.After(0, 1000).Count), (report.Flushes, (int)report.Events));
    }

    [Theory]
    [InlineData("UPDATE event SET payload=x'7b7d' WHERE n=3", "event 1 was changed")]
    [InlineData("UPDATE event SET payload=payload || x'20' WHERE n=3", "event 1 was changed")]
    [InlineData("UPDATE event SET actor='mallory' WHERE n=3", "event 1 was changed")]
    [InlineData("UPDATE event SET time=time+1 WHERE n=3", "event 1 was changed")]
    [InlineData("UPDATE event SET reason='Resolved' WHERE n=3", "event 1 was changed")]
    [InlineData("UPDATE event SET on_behalf_of='' WHERE n=3", "event 1 was changed")]
    [InlineData("UPDATE event SET hash=zeroblob(32) WHERE n=3", "event 1 was changed")]
    [InlineData("DELETE FROM event WHERE n=3", "the head says version")]
    [InlineData("DELETE FROM event WHERE n=3; UPDATE event SET n=n-1 WHERE n>3", "leaf does not follow")]
    [InlineData("UPDATE event SET version=-version WHERE type LIKE 'incident.%'; UPDATE event SET version=3+version WHERE version<0", "was changed")]
    [InlineData("UPDATE event SET n=-3 WHERE n=3; UPDATE event SET n=3 WHERE n=4; UPDATE event SET n=4 WHERE n=-3", "leaf does not follow")]
    [InlineData("UPDATE event SET position=1 WHERE n=3", "says it belongs to 1")]
    [InlineData("UPDATE head SET version=version+1 WHERE stream='service/shop'", "the head says version")]
    [InlineData("UPDATE head SET hash=zeroblob(32) WHERE stream='service/shop'", "the head says version")]
    [InlineData("UPDATE head SET stream='service/other' WHERE stream='service/shop'", "was changed")]
    [InlineData("DELETE FROM event WHERE head=(SELECT number FROM head WHERE stream='responder/olga'); DELETE FROM head WHERE stream='responder/olga'", "events, the flushes hold")]
    [InlineData("INSERT INTO head (stream, version, hash) VALUES ('identity/mallory', 1, zeroblob(32))", "the head says version")]
    [InlineData("UPDATE flush SET block=block || x'00' WHERE position=4", "receipt block was changed")]
    [InlineData("UPDATE flush SET block=x'01', block_hash=x'02' WHERE position=4", "receipt block was changed")]
    [InlineData("UPDATE flush SET block=NULL, block_hash=NULL WHERE position=4", "leaf does not follow")]
    [InlineData("UPDATE flush SET time=time+1 WHERE position=2", "leaf does not follow")]
    [InlineData("UPDATE flush SET id=zeroblob(16) WHERE position=2", "leaf does not follow")]
    [InlineData("UPDATE flush SET root=zeroblob(32) WHERE position=2", "the root over the log so far differs")]
    [InlineData("UPDATE flush SET last_event=last_event-1 WHERE position=2", "leaf does not follow")]
    [InlineData("DELETE FROM flush WHERE position=2", "flush 2 is missing")]
    [InlineData("DELETE FROM flush WHERE position=4", "flushes are missing at the end")]
    [InlineData("DELETE FROM flush WHERE position=3; DELETE FROM flush WHERE position=4; DELETE FROM event WHERE position=3", "flushes are missing at the end")]
    [InlineData("UPDATE meta SET value=zeroblob(32) WHERE key='merkle'", "flushes are missing at the end")]
    public void Tampering_is_found(string edit, string fault)
    {
        var copy = Copy();
        using (var database = new Database(copy, readOnly: false))
            database.Execute(edit);

        var report = Verification.Run(copy);

        Assert.Contains(report.Faults, f => f.Contains(fault));
    }

    [Theory]
    [InlineData("UPDATE flush SET block=NULL WHERE position=4")]
    [InlineData("DELETE FROM request")]
    [InlineData("DELETE FROM refused")]
    public void What_ages_out_leaves_the_rest_verifiable(string edit)
    {
        var copy = Copy();
        using (var database = new Database(copy, readOnly: false))
            database.Execute(edit);

        Assert.Empty(Verification.Run(copy).Faults);
    }

    public void Dispose() => _desk.Dispose();

    private string Copy()
    {
        using var database = new Database(_desk.File, readOnly: false);
        var copy = _desk.File + ".copy";
        database.Execute($"VACUUM INTO '{copy}'");
        return copy;
    }
}
