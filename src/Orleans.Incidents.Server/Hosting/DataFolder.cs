using Incidents.Journal.Sqlite;

namespace Incidents.Server.Hosting;

/// <summary>The folder of the journal, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path);
            _lock = new FileStream(System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(System.IO.Path.Combine(Path, "lock")))
        {
            throw new JournalRefusedException($"{Path} is in use by another process; stop it first, or name another folder with --data");
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new JournalRefusedException($"{Path} cannot be used as the data folder: {denied.Message}");
        }
    }

    public string Path { get; }

    public string Journal => System.IO.Path.Combine(Path, "journal.db");

    public string Views => System.IO.Path.Combine(Path, "views.db");

    public void Dispose() => _lock.Dispose();
}
