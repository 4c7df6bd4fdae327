using System.Runtime.InteropServices;

namespace Incidents.Journal.Sqlite;

/// <summary>Files that are there, whole, after a power cut.</summary>
internal static class DurableFile
{
    private static readonly string[] Beside = ["", "-journal", "-wal", "-shm"];

    /// <summary>Makes a file that only its owner can read.</summary>
    /// <exception cref="JournalRefusedException">It exists, or cannot be made; one line.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new JournalRefusedException($"{path} cannot be written: {denied.Message}");
        }
    }

    /// <summary>Deletes a database that is not wanted, with what SQLite may have left beside it.</summary>
    public static void Delete(string path)
    {
        foreach (var file in Beside)
            File.Delete(path + file);
    }

    /// <summary>Gives a file that is on disk its final name, replacing what has it.</summary>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        SyncFolder(Path.GetDirectoryName(to)!);
    }

    // A name is as durable as its folder. The framework opens no folders; where there is no such call, names are durable by themselves.
    private static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = Open(path, 0);
        var synced = folder < 0 ? -1 : Sync(folder);
        var error = Marshal.GetLastPInvokeError();
        if (folder >= 0)
            _ = Close(folder);
        if (synced != 0)
            throw new JournalRefusedException($"{path} could not be synced to the disk (error {error})");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int folder);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int folder);
}
