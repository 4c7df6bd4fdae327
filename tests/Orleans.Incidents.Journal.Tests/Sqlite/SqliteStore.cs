using Incidents.Engine;
using Incidents.Journal.Sqlite;

namespace Incidents.Journal.Tests.Sqlite;

/// <summary>A journal file in a folder of its own.</summary>
internal sealed class SqliteStore : Store
{
    public string File => Path.Combine(Folder.FullName, "journal.db");

    public override IJournalReader Reader() => Keep(new SqliteReader(File));

    public override IStoredHistory History() => Keep(new SqliteHistory(File));

    public override IWaitingMessages Waiting() => Keep(new SqliteWaitingMessages(File));

    public override VerificationReport Verify() => Verification.Run(File);

    public override void Edit(string sql)
    {
        using var other = new Database(File, readOnly: false);
        other.Execute(sql);
    }

    public override void Forbid(string type, string? containing = null, string saying = "forbidden") => Edit(
        $"CREATE TRIGGER {saying.Replace(' ', '_')} BEFORE INSERT ON event WHEN new.type='{type}' AND instr(new.payload, '{containing}')>0 BEGIN SELECT RAISE(ABORT, '{saying}'); END");

    public override void Allow() => Edit("DROP TRIGGER forbidden");

    public override string Said(string words) => $"journal.db: {words}";

    protected override IJournalStore OpenJournal() => new SqliteJournal(File);

    protected override void Close()
    {
    }
}
