using System.Net;

namespace Incidents.Load.Traffic;

/// <summary>Sends a <see cref="Schedule"/> over as many connections as it needs to keep its times.</summary>
internal static class OpenLoop
{
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(30);

    /// <summary>Sends until the schedule ends, and adds up what the connections saw.</summary>
    public static async Task<Tally> RunAsync(IPEndPoint address, Schedule schedule, int connections, TimeSpan length, CancellationToken stop)
    {
        if (!IPAddress.IsLoopback(address.Address))
            throw new LoadException($"{address} is not a loopback address");
        var all = Enumerable.Range(0, connections).Select(_ => new Connection()).ToList();
        var running = Task.WhenAll(all.Select(c => c.RunAsync(address, schedule)));
        await Task.WhenAny(running, Task.Delay(length + LongestDrain, stop));
        schedule.End();
        foreach (var connection in all)
            connection.Dispose();
        await running;
        await Task.Yield();
        stop.ThrowIfCancellationRequested();
        var sum = new Tally();
        foreach (var connection in all)
            sum.Add(connection.Tally);
        return sum;
    }
}
