using System.Diagnostics;

namespace Incidents.Load.Traffic;

/// <summary>What the connections share: which request is next, whether answers count, and when to end.</summary>
internal sealed class RequestQueue(byte[][] requests) : IRequestSource
{
    private long _taken;
    private long _limit = long.MaxValue;
    private volatile bool _counting;
    private volatile bool _ended;

    /// <summary>How many requests have been handed out.</summary>
    public long Taken => Math.Min(Interlocked.Read(ref _taken), Interlocked.Read(ref _limit));

    /// <summary>Whether an answer that arrives now counts.</summary>
    public bool Counting => _counting && !_ended;

    /// <summary>Every request was handed out at least once.</summary>
    public bool AllSentOnce => Taken >= requests.Length;

    /// <summary>From now on answers count, and at most <paramref name="most"/> more requests are handed out.</summary>
    public void Count(long most)
    {
        Interlocked.Exchange(ref _limit, most > long.MaxValue - Taken ? long.MaxValue : Taken + most);
        _counting = true;
    }

    /// <summary>Hands out nothing more; later answers no longer count.</summary>
    public void End() => _ended = true;

    /// <summary>At once: a closed loop sends when an answer has come, and counts from there.</summary>
    public ValueTask<Shot?> NextAsync()
    {
        if (_ended)
            return default;
        var number = Interlocked.Increment(ref _taken) - 1;
        return number < Interlocked.Read(ref _limit) ? new(new Shot(requests[number % requests.Length], Stopwatch.GetTimestamp())) : default;
    }
}
