using System.Diagnostics;
using Incidents.Load.Measures;
using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;
using Incidents.Testing;

namespace Incidents.Load.Scenarios;

/// <summary>What every scenario is given.</summary>
/// <param name="Work">Where servers keep their data while they run.</param>
/// <param name="Tokens">The credentials of this run.</param>
internal sealed record RunContext(LoadOptions Options, string Work, Tokens Tokens, CancellationToken Stop)
{
    private const int Gently = 8;

    /// <summary>What every request carries.</summary>
    public string Token => Options.AsIntegration ? Tokens.Integration : Tokens.Admin;

    /// <summary>The peers of ours that were chosen, in the order given; where none was, the one with the file.</summary>
    public IReadOnlyList<string> AllOurs => ScenarioRunner.OursOf(Options);

    /// <summary>The first of them, where one is measured.</summary>
    public string Ours => AllOurs[0];

    /// <summary>Starts a peer in a folder of its own.</summary>
    public Task<PeerServer> StartAsync(string peer, string cell) =>
        PeerServer.StartAsync(peer, Options, Path.Combine(Work, cell), Tokens, Stop);

    /// <summary>Sends every request once over few connections: a server that opens a group durably may refuse what all of them would send at once.</summary>
    /// <returns>How many requests were answered.</returns>
    public async Task<long> OpenGroupsAsync(PeerServer server, RequestSet requests)
    {
        using var generator = new Generator(server.Address, requests.Requests, Math.Min(Gently, Options.Connections), requests.Requests.Length);
        await generator.RunOutAsync(TimeSpan.FromSeconds(Options.Timeout), Stop);
        var tally = await generator.EndAsync();
        RequireClean(server, tally);
        return tally.Acknowledged;
    }

    /// <summary>Progress goes to standard error, so that standard output is the report alone.</summary>
    public static void Say(string line) => Console.Error.WriteLine($"load: {line}");

    /// <summary>Numbers with refused or broken requests in them are worth nothing: fail.</summary>
    public static void RequireClean(PeerServer server, Tally tally)
    {
        if (!tally.HasErrors)
            return;
        var statuses = string.Join(", ", tally.Refused.Select(r => $"{r.Value} x {r.Key}"));
        throw new LoadException($"{server.Peer.Name}: {tally.ConnectionErrors} connection errors, refused: [{statuses}]; first:\n{tally.FirstError}\nits log ends:\n{server.Process.LogTail()}");
    }
}

/// <summary>Runs the chosen scenario and writes its report.</summary>
internal static class ScenarioRunner
{
    public static async Task<int> RunAsync(LoadOptions options, CancellationToken stop)
    {
        RequirePrograms(options);
        var folder = ReportWriter.Folder(options);
        var context = new RunContext(options, Path.Combine(folder, "work"), Tokens.Random(), stop);
        Directory.CreateDirectory(context.Work);
        var report = new Report(Machine.Read(context.Work), Versions(options), options, [], [], null);
        try
        {
            report = await MeasureAsync(context, report);
        }
        finally
        {
            if (!options.Keep)
                Directory.Delete(context.Work, recursive: true);
        }

        await ReportWriter.WriteAsync(report, folder);
        return ExitCodes.Good;
    }

    private static async Task<Report> MeasureAsync(RunContext context, Report report) => context.Options.Scenario switch
    {
        Scenario.Compare => report with { Measurements = await CompareScenario.RunAsync(context) },
        Scenario.Problems => report with { Problems = await ProblemsScenario.RunAsync(context) },
        Scenario.Open => report with { Open = await OpenScenario.RunAsync(context) },
        Scenario.Heap => report with { Heap = await HeapScenario.RunAsync(context) },
        Scenario.Flat => report with { Flat = await FlatScenario.RunAsync(context) },
        Scenario.Resend => report with { Resend = await ResendScenario.RunAsync(context) },
        Scenario.History => report with { History = await HistoryScenario.RunAsync(context) },
        Scenario.Start => report with { Starts = await StartScenario.RunAsync(context) },
        Scenario.Dump => report with { Dump = await DumpScenario.RunAsync(context) },
        Scenario.Bytes => report with { Bytes = await BytesScenario.RunAsync(context) },
        _ => throw new LoadException($"{context.Options.Scenario} is not a measurement"),
    };

    private static IEnumerable<string> PeersOf(LoadOptions options) => options.Scenario switch
    {
        Scenario.Compare or Scenario.Open or Scenario.Heap => options.Peers,
        Scenario.History or Scenario.Dump => [PeerFactory.OursPostgres],
        Scenario.Bytes or Scenario.Resend => [PeerFactory.Ours],
        _ => OursOf(options),
    };

    public static IReadOnlyList<string> OursOf(LoadOptions options) =>
        options.Peers.Any(PeerFactory.IsOurs) ? [.. options.Peers.Where(PeerFactory.IsOurs)] : [PeerFactory.Ours];

    private static void RequirePrograms(LoadOptions options)
    {
        if (!PeersOf(options).Any())
            throw new LoadException("no peers left to measure");
        foreach (var ours in PeersOf(options).Where(PeerFactory.IsOurs))
        {
            Require(options, ours, options.OursDll, "build the server, or choose --ours-dll or --peer-only");
            Require(options, ours, options.Config, "choose --config");
        }

        foreach (var ours in PeersOf(options).Where(PeerFactory.IsOnPostgres))
            Require(options, ours, Path.Combine(PostgresPrograms.Folder, "initdb"), "install the package postgresql");
        if (options.Scenario == Scenario.Resend)
            Require(options, PeerFactory.Ours, options.Prometheus, "install the package prometheus, or choose --prometheus");
        Require(options, PeerFactory.Alertmanager, options.Alertmanager, "install the package prometheus-alertmanager, or choose --alertmanager or --peers");
    }

    private static void Require(LoadOptions options, string peer, string file, string advice)
    {
        if (PeersOf(options).Contains(peer) && !File.Exists(file))
            throw new LoadException($"absent: {file}; {advice}");
    }

    private static SortedDictionary<string, string> Versions(LoadOptions options)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["runtime"] = Environment.Version.ToString() };
        if (PeersOf(options).Any(PeerFactory.IsOurs))
            versions[PeerFactory.Ours] = Machine.VersionOf(Path.GetFullPath(options.OursDll));
        if (PeersOf(options).Contains(PeerFactory.Alertmanager))
            versions[PeerFactory.Alertmanager] = VersionOf(options.Alertmanager);
        if (PeersOf(options).Any(PeerFactory.IsOnPostgres))
            versions["postgresql"] = $"{VersionOf(Path.Combine(PostgresPrograms.Folder, "postgres"))}; {string.Join(", ", PostgresStore.Settings(options).Select(s => $"{s.Key}={s.Value}"))}, all else as it comes{(options.PostgresOptions.Length > 0 ? $"; sessions of ours: {options.PostgresOptions}" : "")}";
        return versions;
    }

    private static string VersionOf(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new LoadException($"{program} did not start");
        var first = process.StandardOutput.ReadLine();
        process.WaitForExit();
        return first ?? throw new LoadException($"{program} --version printed nothing");
    }
}
