using System.Diagnostics;
using System.Globalization;

namespace Incidents.Acceptance.Processes;

/// <summary>strace attached to a server: it watches system calls, or plays a disk that fails or is slow. Detached when disposed.</summary>
internal sealed class Strace : IAsyncDisposable
{
    private readonly Process _process;

    private Strace(Process process) => _process = process;

    /// <summary>Attaches to a running server; skips the running test where there is no strace or no right to trace.</summary>
    public static async Task<Strace> AttachAsync(ServerProcess server, params string[] options)
    {
        var strace = new Process
        {
            StartInfo = new ProcessStartInfo(Tool.Find("strace"), ["-f", .. options, "-p", server.Id.ToString(CultureInfo.InvariantCulture)])
            {
                UseShellExecute = false, RedirectStandardError = true,
            },
        };
        strace.Start();
        var said = await strace.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        if (said?.Contains("attached") != true)
        {
            strace.Dispose();
            Tool.Absent($"the right to trace a process ({said})");
        }

        _ = strace.StandardError.ReadToEndAsync(CancellationToken.None);
        return new Strace(strace);
    }

    /// <summary>Waits until it has written everything down, which is after the server has ended.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    /// <summary>Lets the server go: its system calls are its own again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Signals.Send(_process.Id, Signals.Terminate);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
