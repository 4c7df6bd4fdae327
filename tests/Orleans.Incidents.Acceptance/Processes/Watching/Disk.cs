using System.Diagnostics;
using System.Globalization;

namespace Incidents.Acceptance.Processes;

/// <summary>A disk that misbehaves under a running server; strace plays it. Disposed, it is well again.</summary>
internal sealed class Disk : IAsyncDisposable
{
    private readonly Process _strace;

    private Disk(Process strace) => _strace = strace;

    /// <summary>Every write fails, because the disk is full.</summary>
    public static Task<Disk> FullAsync(ServerProcess server) => SpoilAsync(server, "pwrite64", "error=ENOSPC");

    /// <summary>Every sync takes very long.</summary>
    public static Task<Disk> HangingAsync(ServerProcess server) => SpoilAsync(server, "fdatasync,fsync", "delay_enter=60s");

    public async ValueTask DisposeAsync()
    {
        // It lets go of the server when it is asked to end, and of what it holds up at once.
        using (var ask = Process.Start("kill", ["-TERM", _strace.Id.ToString(CultureInfo.InvariantCulture)]))
            await ask.WaitForExitAsync(CancellationToken.None);
        await _strace.WaitForExitAsync(CancellationToken.None);
        _strace.Dispose();
    }

    private static async Task<Disk> SpoilAsync(ServerProcess server, string calls, string how)
    {
        var strace = new Process
        {
            StartInfo = new ProcessStartInfo(Tool.Find("strace"), [
                "-f", "-e", $"trace={calls}", "-e", $"inject={calls}:{how}", "-o", "/dev/null", "-p", server.Id.ToString(CultureInfo.InvariantCulture)])
            {
                UseShellExecute = false, RedirectStandardError = true,
            },
        };
        strace.Start();
        var said = await strace.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        if (said?.Contains("attached") != true)
            Tool.Absent($"the right to trace a process ({said})");
        _ = strace.StandardError.ReadToEndAsync(CancellationToken.None);
        return new Disk(strace);
    }
}
