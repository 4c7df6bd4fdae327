namespace Incidents.Journal.Sqlite;

/// <summary>A journal that no process serves: copied, checked, put into a new place.</summary>
public static class JournalFile
{
    /// <summary>What a backup is called until it is complete and verified.</summary>
    public const string Unfinished = ".part";

    /// <summary>Copies a journal whose folder the caller holds.</summary>
    /// <exception cref="JournalRefusedException">The copy cannot be written; one line.</exception>
    public static void Copy(string journal, string to)
    {
        CopyAll(journal, readOnly: false, to);
    }

    /// <summary>Verifies a complete copy and gives it its final name. A copy that does not verify is deleted.</summary>
    /// <exception cref="JournalRefusedException">It does not verify; one line.</exception>
    public static VerificationReport Publish(string unfinished, string to)
    {
        var report = Verified(unfinished, to);
        DurableFile.Rename(unfinished, to);
        return report;
    }

    /// <summary>
    /// Puts a backup where a server will serve it from: copied, verified, and given secrets of its own for what comes behind it, so
    /// that a receipt of the history that was lost is unknown here instead of naming another alert.
    /// </summary>
    /// <exception cref="JournalRefusedException">The backup is damaged, no journal, or a newer version's; one line, and nothing is left behind.</exception>
    public static VerificationReport Restore(string backup, string journal)
    {
        var unfinished = journal + Unfinished;
        CopyAll(backup, readOnly: true, unfinished);
        var report = Verified(unfinished, backup);
        using (var database = new Database(unfinished, readOnly: false))
        {
            database.Execute("PRAGMA synchronous=FULL");
            SecretRows.Renew(database, behind: report.Flushes);
        }

        DurableFile.Rename(unfinished, journal);
        return report;
    }

    private static void CopyAll(string from, bool readOnly, string to)
    {
        try
        {
            Migrations.RequireKnown(from);
            using var source = new Database(from, readOnly);
            using var target = new CopyTarget(to);
            using (var copy = new PageCopy(source, target.Database))
                copy.Step(-1);
            target.Keep();
        }
        catch (SqliteFailureException failure)
        {
            throw new JournalRefusedException(failure.IsDamage ? $"{from} is damaged: {failure.Message}" : $"{to} cannot be written: {failure.Message}");
        }
    }

    private static VerificationReport Verified(string copy, string name)
    {
        try
        {
            var report = Verification.Run(copy);
            return report.Faults.Count == 0
                ? report
                : throw new JournalRefusedException($"{name} does not verify: {report.Faults[0]} ({report.Faults.Count} faults in all)");
        }
        catch
        {
            DurableFile.Delete(copy);
            throw;
        }
    }
}
