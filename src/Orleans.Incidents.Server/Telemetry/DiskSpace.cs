using Incidents.Server.Hosting;

namespace Incidents.Server.Telemetry;

/// <summary>What the journal takes up, and what is left beside it.</summary>
internal sealed class DiskSpace(DataFolder data)
{
    private readonly DriveInfo _drive = new(data.Path);

    /// <summary>What a process without special rights may still write.</summary>
    public long FreeBytes => _drive.AvailableFreeSpace;

    /// <summary>The journal and what it has not checkpointed yet.</summary>
    public long JournalBytes => Length(data.Journal) + Length(data.Journal + "-wal");

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
