using System.Diagnostics;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Npgsql;

namespace Incidents.Load.Scenarios;

/// <summary>
/// The same load on an empty database and on one with a long past, interleaved: new problems, then repeats. The full one is filled once and
/// audited, and each of its rounds goes on where the last one ended, under names of its own.
/// </summary>
internal static class HistoryScenario
{
    private static readonly TimeSpan LongestAudit = TimeSpan.FromMinutes(60);

    public static async Task<HistoryResult> RunAsync(RunContext context)
    {
        var full = Path.Combine(context.Work, "history-full");
        var past = await FillAsync(context, full);
        var rounds = new List<HistoryRound>();
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            foreach (var isFull in round % 2 == 1 ? (bool[])[false, true] : [true, false])
            {
                var result = await RoundAsync(context, isFull ? full : Path.Combine(context.Work, $"history-empty-{round}"), round, isFull);
                rounds.Add(result);
                RunContext.Say($"round {round} {result.Database}: {result.Problems.PagesPerSecond:N0} new problems/s, {result.Repeats.AlertsPerSecond:N0} repeats/s, started in {result.StartSeconds:F1} s");
            }
        }

        return new HistoryResult(past, rounds);
    }

    private static async Task<HistoryPast> FillAsync(RunContext context, string folder)
    {
        var count = context.Options.Past;
        await using var server = await PeerServer.StartAsync(PeerFactory.OursPostgres, context.Options, folder, context.Tokens, context.Stop);
        server.KeepFolder = true;
        var clock = Stopwatch.StartNew();
        await Filling.PastAsync(context, server, count);
        await Filling.RestAsync(server.Store!, context.Stop);
        var seconds = clock.Elapsed.TotalSeconds;
        using var connection = await server.Store!.OpenAsync();
        var resolved = Ask(connection, "SELECT count(*) FROM event WHERE type='incident.resolved'");
        if (resolved < count)
            throw new LoadException($"{count - resolved} of {count} past incidents are not resolved");

        // What it would find done after so long a time; a vacuum in the middle of a round would be charged to it alone.
        Ask(connection, "VACUUM (ANALYZE)");
        Ask(connection, "CHECKPOINT");
        var events = Ask(connection, "SELECT last_event FROM log_end");
        var bytes = Ask(connection, "SELECT pg_database_size(current_database())");
        return new HistoryPast(count, seconds, events, bytes, context.Options.SharedBuffers * 1024L * 1024, await AuditAsync(context, server.Store));
    }

    private static async Task<HistoryRound> RoundAsync(RunContext context, string folder, int round, bool isFull)
    {
        var options = context.Options;
        var clock = Stopwatch.StartNew();
        await using var server = await PeerServer.StartAsync(PeerFactory.OursPostgres, options, folder, context.Tokens, context.Stop);
        var started = clock.Elapsed.TotalSeconds;
        server.KeepFolder = isFull || options.Keep;
        await ProblemsScenario.OpenAsync(context, server, Problems(context, $"Warm{round}-"), options.Problems);
        var problems = await ProblemsScenario.OpenAsync(context, server, Problems(context, $"Problem{round}-"), options.Problems);
        var requests = RequestSet.Covering($"Load{round}-", options.Keys[^1], options.Batches[0], context.Token);
        var repeats = await CompareScenario.MeasureAsync(context, server, requests, options.Keys[^1]);
        return new HistoryRound(round, isFull ? HistoryRound.Full : HistoryRound.Empty, started, problems, repeats);
    }

    private static RequestSet Problems(RunContext context, string prefix) =>
        RequestSet.Once(prefix, context.Options.Problems, context.Options.Batches[^1], context.Token);

    // The server's own word that what the load wrote is whole, while it runs.
    private static async Task<double> AuditAsync(RunContext context, PostgresStore store)
    {
        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo("dotnet", [Path.GetFullPath(context.Options.OursDll), "audit", "verify"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, Environment = { ["INCIDENTS_POSTGRES"] = store.Connection },
        };
        using var audit = Process.Start(start) ?? throw new LoadException("the audit did not start");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
        late.CancelAfter(LongestAudit);
        try
        {
            var (output, errors) = (audit.StandardOutput.ReadToEndAsync(late.Token), audit.StandardError.ReadToEndAsync(late.Token));
            await audit.WaitForExitAsync(late.Token);
            return audit.ExitCode == 0 ? clock.Elapsed.TotalSeconds : throw new LoadException($"the journal is not accepted by audit verify: {await output}{await errors}");
        }
        finally
        {
            if (!audit.HasExited)
                audit.Kill();
        }
    }

    private static long Ask(NpgsqlConnection connection, string sql)
    {
        using var ask = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        return ask.ExecuteScalar() as long? ?? 0;
    }
}
