using System.Diagnostics;
using System.Net;

namespace Incidents.Load.Traffic;

/// <summary>
/// The closed loop: a fixed number of connections, each with one request in flight. Start it, let it warm, count for a
/// while, end it.
/// </summary>
internal sealed class Generator : IDisposable
{
    private static readonly TimeSpan LongestWarmup = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(15);

    private readonly Connection[] _connections;
    private readonly RequestQueue _queue;
    private readonly Task _all;

    /// <summary>Connects and begins to send at once.</summary>
    /// <exception cref="LoadException">The address is not this machine's loopback: the program is no weapon.</exception>
    public Generator(IPEndPoint address, byte[][] requests, int connections, long mostRequests = long.MaxValue)
    {
        if (!IPAddress.IsLoopback(address.Address))
            throw new LoadException($"{address} is not a loopback address");
        _queue = new RequestQueue(requests);
        if (mostRequests < long.MaxValue)
            _queue.Count(mostRequests);
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection())];
        _all = Task.WhenAll(_connections.Select(c => c.RunAsync(address, _queue)));
    }

    /// <summary>Completes when no connection has anything left to do.</summary>
    public Task Finished => _all;

    /// <summary>Waits until every request was sent once and the given time has passed, or all connections have ended.</summary>
    public async Task WarmAsync(TimeSpan atLeast, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (!_all.IsCompleted && (clock.Elapsed < atLeast || !_queue.AllSentOnce))
        {
            if (clock.Elapsed > LongestWarmup)
                throw new LoadException($"not every request could be sent once within {LongestWarmup}");
            await Task.Delay(20, stop);
        }
    }

    /// <summary>
    /// Counts the answers of the given time, or the given number of answers if those are sooner (at least one for each
    /// connection, whose requests are under way). Returns the time measured.
    /// </summary>
    public async Task<TimeSpan> CountAsync(TimeSpan atMost, long mostAnswers, CancellationToken stop)
    {
        _queue.Count(Math.Max(0, mostAnswers - _connections.Length));
        return await RunOutAsync(atMost, stop);
    }

    /// <summary>Lets the requests under way and still to come go on for at most this long. Returns the time that took.</summary>
    public async Task<TimeSpan> RunOutAsync(TimeSpan atMost, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAny(_all, Task.Delay(atMost, stop));
        _queue.End();
        var elapsed = Stopwatch.GetElapsedTime(started);
        stop.ThrowIfCancellationRequested();
        return elapsed;
    }

    /// <summary>Ends sending, waits for the answers under way, and adds up what the connections saw.</summary>
    public async Task<Tally> EndAsync()
    {
        _queue.End();
        await Task.WhenAny(_all, Task.Delay(LongestDrain));
        Dispose();
        await _all;
        // The last answer ran on the thread that waits for sockets; what follows must not hold it up.
        await Task.Yield();
        var sum = new Tally();
        foreach (var connection in _connections)
            sum.Add(connection.Tally);
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.End();
        foreach (var connection in _connections)
            connection.Dispose();
    }
}
