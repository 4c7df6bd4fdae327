namespace Incidents.Server.Hosting;

/// <summary>
/// Does something again and again, one at a time: a tick that comes while the one before is busy is left out. So what does not answer holds
/// one thread of the pool, and not one more with every tick, until none is left for anything else.
/// </summary>
internal sealed class Ticker(TimeProvider clock, TimeSpan pace, Action work) : IAsyncDisposable
{
    private ITimer? _timer;
    private int _busy;

    public void Start() => _timer = clock.CreateTimer(_ => Tick(), null, pace, pace);

    /// <summary>No tick begins any more, and the last one has ended.</summary>
    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Tick()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
            return;
        try
        {
            work();
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }
}
