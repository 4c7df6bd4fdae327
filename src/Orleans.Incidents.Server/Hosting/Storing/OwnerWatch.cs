using Incidents.Journal;

namespace Incidents.Server.Hosting;

/// <summary>
/// Asks every second whether this process still owns its journal. Flushes find out by themselves and write nothing; this is for a
/// process that has nothing to flush, so that it stops answering too.
/// </summary>
internal sealed class OwnerWatch(Action check, TimeProvider clock, Action<Exception> broken) : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private ITimer? _timer;
    private int _asking;
    private long _unanswered;

    /// <summary>How long the journal has not answered; zero when it answered the last question.</summary>
    public TimeSpan Silent => Volatile.Read(ref _unanswered) is var since and > 0 ? clock.GetElapsedTime(since) : TimeSpan.Zero;

    public void Start() => _timer = clock.CreateTimer(_ => Ask(), null, Pace, Pace);

    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    // A server that does not answer makes one question wait, not one a second.
    private void Ask()
    {
        if (Interlocked.Exchange(ref _asking, 1) == 1)
            return;
        Interlocked.CompareExchange(ref _unanswered, clock.GetTimestamp(), 0);
        try
        {
            check();
            Volatile.Write(ref _unanswered, 0);
        }
        catch (JournalFailureException)
        {
            // Said by Silent until it answers; asked again in a second.
        }
        catch (Exception lost) when (lost is JournalBrokenException or JournalRefusedException)
        {
            broken(lost);
        }
        finally
        {
            Volatile.Write(ref _asking, 0);
        }
    }
}
