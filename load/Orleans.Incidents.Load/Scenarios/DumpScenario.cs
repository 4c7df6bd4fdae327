using System.Diagnostics;
using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;
using Npgsql;

namespace Incidents.Load.Scenarios;

/// <summary>
/// Load while a transaction is held open that sees the database as it was, as <c>pg_dump</c> holds one: nothing that dies meanwhile can be
/// cleaned up. Repeats in a closed loop, and new problems at a fixed rate, whose messages come and go. One minute before it is held and one
/// after it has ended are there to compare with.
/// </summary>
internal static class DumpScenario
{
    private const int DefaultRate = 100;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static async Task<DumpResult> RunAsync(RunContext context)
    {
        var options = context.Options;
        var rate = options.Rate > 0 ? options.Rate : DefaultRate;
        await using var server = await context.StartAsync(PeerFactory.OursPostgres, "dump");
        var repeats = RequestSet.Covering("Load", options.Keys[^1], options.Batches[0], context.Token);
        await WarmAsync(context, server, repeats);
        var minutes = new List<DumpMinute> { await MinuteAsync(context, server, repeats, rate, 0, isHeld: false) };
        using (var dump = await server.Store!.OpenAsync())
        {
            Hold(dump);
            for (var minute = 1; minute <= options.Minutes; minute++)
                minutes.Add(await MinuteAsync(context, server, repeats, rate, minute, isHeld: true));
        }

        minutes.Add(await MinuteAsync(context, server, repeats, rate, options.Minutes + 1, isHeld: false));
        return new DumpResult(options.Keys[^1], options.Batches[0], rate, minutes);
    }

    private static async Task WarmAsync(RunContext context, PeerServer server, RequestSet requests)
    {
        await context.OpenGroupsAsync(server, requests);
        using var generator = new Generator(server.Address, requests.Requests, context.Options.Connections);
        await generator.WarmAsync(TimeSpan.FromSeconds(context.Options.Warmup), context.Stop);
        RunContext.RequireClean(server, await generator.EndAsync());
    }

    // The snapshot is taken by the first statement, not by BEGIN.
    private static void Hold(NpgsqlConnection connection)
    {
        using var begin = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE event, head, message, log_end IN ACCESS SHARE MODE; SELECT count(*) FROM log_end", connection);
        begin.ExecuteNonQuery();
    }

    private static async Task<DumpMinute> MinuteAsync(RunContext context, PeerServer server, RequestSet repeats, int rate, int minute, bool isHeld)
    {
        var fresh = RequestSet.Once($"Fresh{minute}-", (int)(rate * Minute.TotalSeconds) + 1, 1, context.Token).Requests;
        var schedule = new Schedule(number => fresh[number % fresh.Length], rate, TimeSpan.Zero, Minute);
        using var sweeps = new Sweeps(await server.Store!.OpenAsync());
        var before = server.Cpu();
        using var generator = new Generator(server.Address, repeats.Requests, context.Options.Connections);
        var problems = OpenLoop.RunAsync(server.Address, schedule, context.Options.Connections, Minute, context.Stop);
        var elapsed = await generator.CountAsync(Minute, long.MaxValue, context.Stop);
        var used = server.Cpu().Since(before);
        var tally = await generator.EndAsync();
        var opened = await problems;
        RunContext.RequireClean(server, tally);
        RunContext.RequireClean(server, opened);
        var (sweep, whole) = sweeps.End();
        var result = new DumpMinute(
            minute, isHeld, tally.Latency.Count * repeats.Batch / elapsed.TotalSeconds, tally.Latency.Percentile(0.99) / 1e6, opened.Acknowledged / elapsed.TotalSeconds,
            opened.Latency.Percentile(0.99) / 1e6, used.Server / elapsed.TotalSeconds, used.Store / elapsed.TotalSeconds, used.Other / elapsed.TotalSeconds, sweep, whole, await TableState.ReadAsync(server.Store!));
        RunContext.Say($"minute {minute}{(isHeld ? " (dump held)" : "")}: {result.AlertsPerSecond:N0} repeats/s, {result.ProblemsPerSecond:N0} new problems/s, sweep {result.SweepMs.Median:F2} ms, from the start {result.WholeSweepMs.Median:F2} ms; dead: {string.Join(", ", result.Tables.Select(t => $"{t.Name} {t.Dead:N0}"))}");
        return result;
    }

    /// <summary>Times the engine's sweep once a second, on a connection and a thread of its own.</summary>
    private sealed class Sweeps : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly NpgsqlConnection _connection;
        private readonly Task _running;
        private readonly List<double> _next = [];
        private readonly List<double> _whole = [];

        public Sweeps(NpgsqlConnection connection)
        {
            _connection = connection;
            _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        /// <summary>The next sweep's times, and those of one that begins at the first message, as after a restart; in milliseconds.</summary>
        public (Spread Next, Spread Whole) End()
        {
            _end.Cancel();
            _running.GetAwaiter().GetResult();
            return (Spread.Of(_next), Spread.Of(_whole));
        }

        public void Dispose()
        {
            _end.Cancel();
            _running.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
            _connection.Dispose();
            _end.Dispose();
        }

        private void Run()
        {
            using var sweep = new SweepQuery(_connection);
            do
            {
                _next.Add(sweep.Time(fromStart: false));
                _whole.Add(sweep.Time(fromStart: true));
            }
            while (!_end.Token.WaitHandle.WaitOne(1000));
        }
    }
}
