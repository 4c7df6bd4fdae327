namespace Incidents.Acceptance.Processes;

/// <summary>A file system of a few megabytes, mounted for one test; skips the running test where mounting is not allowed.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidents-disk-");

    private SmallDisk()
    {
    }

    private string Ballast => Path.Combine(_folder.FullName, "ballast");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk();
        var run = await Tool.RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk._folder.FullName);
        if (run.Exit != 0)
        {
            disk._folder.Delete();
            Tool.Absent($"the right to mount a file system ({run.Errors.Trim()})");
        }

        return disk;
    }

    /// <summary>Uses up all that is free, to the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException full) when (full.Message.Contains("space", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Equal(0, new DriveInfo(_folder.FullName).AvailableFreeSpace);
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Clear() => File.Delete(Ballast);

    /// <summary>Makes it read-only; nobody may have a file of it open for writing.</summary>
    public Task FreezeAsync() => MountAsync("-o", "remount,ro", _folder.FullName);

    /// <summary>Makes one file of it read-only until the answer is disposed.</summary>
    public async Task<IAsyncDisposable> FreezeAsync(string name)
    {
        await MountAsync("--bind", At(name), At(name));
        await MountAsync("-o", "remount,bind,ro", At(name));
        return new Frozen(At(name));
    }

    public async ValueTask DisposeAsync()
    {
        await UnmountAsync(_folder.FullName);
        _folder.Delete();
    }

    private static async Task MountAsync(params string[] arguments)
    {
        var run = await Tool.RunAsync("mount", arguments);
        Assert.True(run.Exit == 0, run.Errors);
    }

    private static async Task UnmountAsync(string at)
    {
        var run = await Tool.RunAsync("umount", at);
        Assert.True(run.Exit == 0, run.Errors);
    }

    private sealed class Frozen(string file) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await UnmountAsync(file);
    }
}
