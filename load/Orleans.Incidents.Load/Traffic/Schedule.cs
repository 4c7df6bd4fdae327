using System.Diagnostics;

namespace Incidents.Load.Traffic;

/// <summary>
/// The open loop: every request has its moment fixed in advance, to the millisecond, and its latency counts from there whether or
/// not a connection was free then. A server that falls behind cannot hide it by slowing the client down.
/// </summary>
/// <param name="requests">What is sent, in turn.</param>
/// <param name="perSecond">How many requests a second.</param>
/// <param name="warmup">Answers to what is due in this time do not count.</param>
/// <param name="length">How long requests are due after the warm-up.</param>
internal sealed class Schedule(Func<long, byte[]> requests, double perSecond, TimeSpan warmup, TimeSpan length) : IRequestSource
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _last = (long)((warmup + length).TotalSeconds * perSecond);
    private long _taken;
    private volatile bool _ended;

    public bool Counting => Stopwatch.GetElapsedTime(_start) >= warmup;

    /// <summary>How many requests were due and not yet taken by a connection; more than a few means that the rate is not kept.</summary>
    public long Behind => Math.Max(0, Math.Min(_last, (long)(Stopwatch.GetElapsedTime(_start).TotalSeconds * perSecond)) - Interlocked.Read(ref _taken));

    /// <summary>Hands out nothing more.</summary>
    public void End() => _ended = true;

    /// <inheritdoc/>
    public async ValueTask<Shot?> NextAsync()
    {
        var number = Interlocked.Increment(ref _taken) - 1;
        if (_ended || number >= _last)
            return null;

        // Whole milliseconds: what a timer can keep, and what the latency then counts from.
        var due = TimeSpan.FromMilliseconds(Math.Ceiling(number * 1000 / perSecond));
        for (var wait = due - Stopwatch.GetElapsedTime(_start); wait > TimeSpan.Zero; wait = due - Stopwatch.GetElapsedTime(_start))
        {
            if (_ended)
                return null;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(Math.Floor(wait.TotalMilliseconds), 1, 1000)));
        }

        return new Shot(requests(number), _start + (long)(due.TotalSeconds * Stopwatch.Frequency));
    }
}
