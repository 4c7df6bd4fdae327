using System.Globalization;
using Incidents.Journal;

namespace Incidents.Server.Hosting;

/// <summary>
/// Asks every second whether this process still owns its journal. Flushes find out by themselves and write nothing; this is for a
/// process that has nothing to flush, so that it stops answering too. It also finds out that the journal says no while the engine waits
/// for what it must read, or for shards.
/// </summary>
internal sealed class OwnerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Action _check;
    private readonly TimeProvider _clock;
    private readonly Action<Exception> _broken;
    private readonly TimeSpan _patience;
    private readonly Ticker _ticker;
    private long _unanswered;
    private volatile string? _failure;

    /// <param name="check">Asks.</param>
    /// <param name="broken">Told that it does not, or that nobody has answered for too long.</param>
    /// <param name="patience">How long is too long; absent: nothing is.</param>
    public OwnerWatch(Action check, TimeProvider clock, Action<Exception> broken, TimeSpan? patience = null)
    {
        (_check, _clock, _broken, _patience) = (check, clock, broken, patience ?? TimeSpan.MaxValue);
        _ticker = new Ticker(clock, Pace, Ask);
    }

    /// <summary>How long the journal has not answered; zero when it answered the last question.</summary>
    public TimeSpan Silent => Volatile.Read(ref _unanswered) is var since and > 0 ? _clock.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Why the last question could not be answered; <see langword="null"/>: it was.</summary>
    public string? Failure => _failure;

    public void Start() => _ticker.Start();

    public ValueTask DisposeAsync() => _ticker.DisposeAsync();

    internal void Ask()
    {
        Interlocked.CompareExchange(ref _unanswered, _clock.GetTimestamp(), 0);
        try
        {
            // A connection that was cut is opened again by the second question.
            _failure = Check() is null ? null : Check();
            if (_failure is null)
                Volatile.Write(ref _unanswered, 0);
            else if (Silent >= _patience)
                _broken(new JournalBrokenException(string.Create(CultureInfo.InvariantCulture, $"the journal has not answered for {Silent.TotalSeconds:0} s: {_failure}")));
        }
        catch (Exception lost) when (lost is JournalBrokenException or JournalRefusedException)
        {
            _broken(lost);
        }
    }

    private string? Check()
    {
        try
        {
            _check();
            return null;
        }
        catch (JournalFailureException failure)
        {
            return failure.Message;
        }
    }
}
