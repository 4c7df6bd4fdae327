using System.Diagnostics;
using System.Runtime.InteropServices;
using Incidents.Load.Traffic;

namespace Incidents.Load.Peers;

/// <summary>A program that this run started, and the only kind of process it ever stops.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the peer; what it prints goes to a file, so that this process need not read it while it measures.</summary>
    public static ChildProcess Start(Peer peer, string folder)
    {
        var log = Path.Combine(folder, $"{peer.Name}.log");
        // The shell replaces itself with the program: the process id is the program's own.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder };
        foreach (var argument in (string[])["-c", "exec \"$@\" >>\"$0\" 2>&1", log, peer.Command, .. peer.Arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in peer.Environment)
            start.Environment[name] = value;
        ClientSockets.RemoveFrom(start);
        return new ChildProcess(Process.Start(start) ?? throw new LoadException($"{peer.Name} did not start"), log);
    }

    /// <summary>The last lines that the program printed.</summary>
    public string LogTail() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(15)) : "";

    /// <summary>Asks the program to end and waits; one that does not end within a minute is killed. Returns whether it ended when asked.</summary>
    public async Task<bool> StopAsync()
    {
        if (_process.HasExited)
            return true;
        _ = Signal(_process.Id, SigTerm);
        using var late = new CancellationTokenSource(Grace);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            return true;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    /// <summary>Ends the program as a crash would.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!await StopAsync())
            await Console.Error.WriteLineAsync($"load: process {_process.Id} did not end within {Grace} of SIGTERM and was killed");
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
