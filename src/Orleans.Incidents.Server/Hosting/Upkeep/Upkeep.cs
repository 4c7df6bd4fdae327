using Incidents.Engine.Views;
using Incidents.Journal;
using Incidents.Journal.Sqlite;

namespace Incidents.Server.Hosting;

/// <summary>What the commands that look after the data do: through the running server where there is one, else on the folder itself.</summary>
internal static class Upkeep
{
    /// <summary>Writes a backup under another name, verifies it, and gives it its own.</summary>
    /// <exception cref="JournalRefusedException">One line; nothing is left behind, and what was there before is as it was.</exception>
    public static async Task<VerificationReport> BackupAsync(string folder, string to, bool force, string? url)
    {
        if (File.Exists(to) && !force)
            throw new JournalRefusedException($"{to} exists; name another file, or replace it with --force");
        if (Directory.Exists(to) || !Directory.Exists(Path.GetDirectoryName(to)))
            throw new JournalRefusedException($"{to} cannot be written: {(Directory.Exists(to) ? "it is a folder" : "its folder does not exist")}");

        // Two backups at a time have two names; the last one to end gives the file.
        var unfinished = $"{to}.{Environment.ProcessId}{JournalFile.Unfinished}";
        await CopyAsync(folder, unfinished, url);
        return JournalFile.Publish(unfinished, to);
    }

    /// <summary>Makes a data folder from a backup.</summary>
    /// <exception cref="JournalRefusedException">One line; the folder is as it was.</exception>
    public static VerificationReport Restore(string backup, string folder)
    {
        if (!File.Exists(backup))
            throw new JournalRefusedException($"{backup} does not exist");
        if (DataFolder.IsInUse(folder))
            throw new JournalRefusedException($"{folder} is in use by another process; a backup is restored into a new folder");
        var isNew = !Directory.Exists(folder);
        if (!isNew && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new JournalRefusedException($"{folder} is not empty; a backup is restored into a new folder");
        try
        {
            using var data = new DataFolder(folder);
            return JournalFile.Restore(backup, data.Journal);
        }
        catch
        {
            File.Delete(Path.Combine(folder, "lock"));
            if (isNew)
                Directory.Delete(folder);
            throw;
        }
    }

    /// <summary>Makes the lists anew.</summary>
    /// <returns>The position that they show.</returns>
    public static async Task<long> RebuildAsync(string folder, string? url)
    {
        using var server = LocalServer.Find(folder, url);
        if (server is not null)
            return (await server.PostAsync("/api/v1/views/rebuild", new { })).GetProperty("position").GetInt64();
        var journal = RequireJournal(folder);
        using var data = new DataFolder(folder);
        using var history = new SqliteHistory(journal);
        using var views = new SqliteViews(data.Views, history.Position);
        using var projector = new Projector(history, views);
        projector.Start();
        return await projector.RebuildAsync();
    }

    private static async Task CopyAsync(string folder, string to, string? url)
    {
        using var server = LocalServer.Find(folder, url);
        if (server is not null)
        {
            await server.PostAsync("/api/v1/backups", new { file = to });
            return;
        }

        // No server may start meanwhile.
        var journal = RequireJournal(folder);
        using var data = new DataFolder(folder);
        JournalFile.Copy(journal, to);
    }

    private static string RequireJournal(string folder)
    {
        var journal = Path.Combine(Path.GetFullPath(folder), "journal.db");
        return File.Exists(journal) ? journal : throw new JournalRefusedException($"{journal} does not exist");
    }
}
