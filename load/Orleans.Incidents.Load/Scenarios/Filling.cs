using System.Diagnostics;
using Incidents.Load.Peers;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;
using Npgsql;

namespace Incidents.Load.Scenarios;

/// <summary>
/// Fills a journal through the API, in waves, as senders would over a long time: what is there then is what the engine wrote, and an audit
/// accepts it.
/// </summary>
internal static class Filling
{
    private const int Wave = 10_000;
    private const string LongPast = "2026-01-02T00:00:00Z";
    private const string FarAhead = "2036-01-01T00:00:00Z";

    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    /// <summary>Problems that were opened, paged and resolved by their source.</summary>
    public static Task PastAsync(RunContext context, PeerServer server, int count) => WavesAsync(context, server, "Past", count, async (prefix, problems, batch) =>
    {
        await ProblemsScenario.OpenAsync(context, server, RequestSet.Once(prefix, problems, batch, context.Token), problems);
        await SendAsync(context, server, RequestSet.Once(prefix, problems, batch, context.Token, LongPast));
    });

    /// <summary>Problems that were opened and paged and stay open, because their alerts end in years.</summary>
    public static Task OpenAsync(RunContext context, PeerServer server, int count) => WavesAsync(context, server, "Open", count, (prefix, problems, batch) =>
        ProblemsScenario.OpenAsync(context, server, RequestSet.Once(prefix, problems, batch, context.Token, FarAhead), problems));

    /// <summary>Waits until the database holds no message whose time has come, so that nothing of the past is left to be done.</summary>
    public static async Task RestAsync(PostgresStore store, CancellationToken stop)
    {
        using var connection = await store.OpenAsync();
        using var ask = new NpgsqlCommand("SELECT count(*) FROM message WHERE lane IN (0, 1) AND due <= 1000000000 * extract(epoch FROM now())::bigint", connection);
        for (var clock = Stopwatch.StartNew(); ask.ExecuteScalar() is not 0L; await Task.Delay(100, stop))
        {
            if (clock.Elapsed > LongestRest)
                throw new LoadException($"messages were left to be done after {LongestRest}");
        }
    }

    private static async Task WavesAsync(RunContext context, PeerServer server, string name, int count, Func<string, int, int, Task> wave)
    {
        var clock = Stopwatch.StartNew();
        for (var done = 0; done < count; done += Wave)
        {
            await wave($"{name}{done / Wave}-", Math.Min(Wave, count - done), context.Options.Batches[^1]);
            if (done / Wave % 10 == 0)
                RunContext.Say($"{Math.Min(count, done + Wave):N0} of {count:N0} problems after {clock.Elapsed.TotalSeconds:N0} s");
        }
    }

    private static async Task SendAsync(RunContext context, PeerServer server, RequestSet requests)
    {
        using var generator = new Generator(server.Address, requests.Requests, context.Options.Connections, requests.Requests.Length);
        await generator.RunOutAsync(TimeSpan.FromSeconds(context.Options.Timeout), context.Stop);
        var tally = await generator.EndAsync();
        RunContext.RequireClean(server, tally);
        if (tally.Acknowledged < requests.Requests.Length)
            throw new LoadException($"{requests.Requests.Length - tally.Acknowledged} requests were not answered within {context.Options.Timeout} s");
    }
}
