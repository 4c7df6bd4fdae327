namespace Incidents.Journal.Sqlite;

/// <summary>
/// Checks the file's own structure, then recomputes every stream's hash chain, every flush's leaf and the Merkle root from what is
/// stored. What cannot be read is a fault like any other, and the walk goes on behind it.
/// </summary>
public static class Verification
{
    private const int MostStructureFaults = 10;

    /// <exception cref="JournalRefusedException">The file is no journal at all.</exception>
    public static VerificationReport Run(string path)
    {
        using var db = new Database(path, readOnly: true);

        // Also what is left of a file that was cut off shall be read.
        db.Execute("PRAGMA writable_schema=ON");
        RequireJournal(db, path);
        db.Execute("BEGIN");
        var faults = new List<string>();
        var (streams, events) = new ChainCheck(db, faults).Run();
        var (flushes, root) = new FlushCheck(db, faults).Run();
        Structure(db, faults);
        var restored = faults.Count == 0 ? SecretRows.RestoredIn(db) : [];
        return new VerificationReport(flushes, streams, events, root, restored, faults);
    }

    /// <summary>Reads, and makes a fault of what the file no longer holds in a readable form.</summary>
    internal static bool TryRead(List<string> faults, Func<string> what, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (SqliteFailureException damage) when (damage.IsDamage)
        {
            faults.Add($"{what()} cannot be read: {damage.Message}");
            return false;
        }
    }

    private static void RequireJournal(Database db, string path)
    {
        var tables = db.Number("SELECT count(*) FROM sqlite_master WHERE name IN ('flush', 'head', 'event', 'meta')");
        if (tables != 4)
            throw new JournalRefusedException($"{path} is not a journal of this program");
    }

    private static void Structure(Database db, List<string> faults) => TryRead(faults, () => "the file's structure", () =>
    {
        var rows = db.Prepare($"PRAGMA integrity_check({MostStructureFaults})");
        using var use = rows.Begin();
        while (rows.Step())
        {
            if (rows.Text(0) != "ok")
                faults.Add($"the file's structure: {rows.Text(0).Replace('\n', ' ')}");
        }
    });
}
