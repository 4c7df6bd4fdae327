namespace Incidents.Journal.Sqlite;

/// <summary>
/// The file that a copy is written to. It is only its owner's to read, because it holds what receipts are signed with, and it is
/// gone again unless it is kept.
/// </summary>
internal sealed class CopyTarget : IDisposable
{
    // Held open to the end: closing it would release the locks that SQLite holds on the same file.
    private readonly FileStream _file;
    private bool _kept;

    /// <exception cref="JournalRefusedException">The file cannot be made, or exists.</exception>
    public CopyTarget(string path)
    {
        Path = path;
        _file = DurableFile.Create(path);
        Database = new Database(path, readOnly: false);

        // A copy that breaks off is deleted, so a journal of its own would protect nothing.
        Database.Execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
    }

    public string Path { get; }

    public Database Database { get; }

    /// <summary>Brings what was written so far to the disk, so that the last sync is not the only large one.</summary>
    public void Sync() => _file.Flush(flushToDisk: true);

    /// <summary>The copy is complete: it is brought to the disk as one file that needs no other beside it.</summary>
    public void Keep()
    {
        Database.Dispose();
        using (var single = new Database(Path, readOnly: false))
            single.Execute("PRAGMA journal_mode=DELETE");
        Sync();
        _kept = true;
    }

    public void Dispose()
    {
        Database.Dispose();
        _file.Dispose();
        if (!_kept)
            DurableFile.Delete(Path);
    }
}
