using Incidents.Journal;

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
        catch (IOException held) when (IsHeld(held))
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

    /// <summary>Whether a process holds the folder at this moment.</summary>
    public static bool IsInUse(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            using var probe = File.Exists(file) ? new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : null;
            return false;
        }
        catch (IOException held) when (IsHeld(held))
        {
            return true;
        }
    }

    // "Would block" of Linux and of macOS, and the sharing violation of Windows.
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);
}
