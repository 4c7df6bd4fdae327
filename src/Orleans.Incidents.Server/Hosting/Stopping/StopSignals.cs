using System.Runtime.InteropServices;

namespace Incidents.Server.Hosting;

/// <summary>
/// What asks a server to stop, heard from its first moment on. The web host's own hearing begins with its start and breaks that off: a silo
/// that is broken off while it joins its cluster fails instead of leaving.
/// </summary>
internal sealed class StopSignals : IHostLifetime, IDisposable
{
    private readonly CancellationTokenSource _told;
    private readonly PosixSignalRegistration[] _signals;
    private readonly Lock _lock = new();
    private bool _ended;

    /// <param name="also">Asks for the same.</param>
    public StopSignals(CancellationToken also)
    {
        _told = CancellationTokenSource.CreateLinkedTokenSource(also);
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Tell))];
    }

    public CancellationToken Token => _told.Token;

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        lock (_lock)
        {
            _ended = true;
            _told.Dispose();
        }
    }

    private void Tell(PosixSignalContext signal)
    {
        signal.Cancel = true;

        // One that comes at the very end is heard on a thread of its own.
        lock (_lock)
        {
            if (!_ended)
                _told.Cancel();
        }
    }
}
