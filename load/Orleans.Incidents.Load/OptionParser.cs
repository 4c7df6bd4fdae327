using System.Diagnostics.CodeAnalysis;
using System.Net;
using Incidents.Load.Peers;

namespace Incidents.Load;

/// <summary>Reads the command line. Every number has bounds, so that no start can run without end.</summary>
internal static class OptionParser
{
    public const string Usage = """
        load [compare|problems|bytes|open|heap|flat|resend|history|start|dump] [options]      load bare --urls http://127.0.0.1:PORT

          compare (default)  the same alerts against each peer in turn, rounds interleaved
          problems           distinct problems on our server, until a page is enqueued for each
          bytes              alerts on 100 groups on our server, then the size of its data
          open               a fixed rate of arrivals, each peer in turn: latency, and on ours the time to the page
          heap               managed heap per alert group after a full collection
          flat               memory of our server over minutes of repeats
          resend             what a real Prometheus costs that sends its alerts again each minute
          history            the same load on an empty PostgreSQL database and on one with a long past, in turn
          start              from the start of our server to serving, with many groups open
          dump               load on PostgreSQL while a dump is held open

          --seconds N        longest measured time of a cell, 1..600 (10)
          --alerts N         also ends a cell after N alerts, 1..100,000,000 (bytes: 1,000,000)
          --warmup N         seconds under load before a cell, 0..120 (5)
          --rounds N         1..50 (3)
          --connections N    1..1024 (64)
          --batch N[,N]      alerts per request, 1..1000 (1,50; problems and bytes use the last)
          --keys N[,N]       distinct group keys, 1..1,000,000 (100,10000)
          --peers A[,B]      of ours, ours-postgres, ours-silo, ours-silos (three), alertmanager, bare
                             (ours, alertmanager, bare); those with silos count alerts when they are decided
                             a scenario of our server alone runs on those of ours among them, by default on ours
          --shared-buffers N PostgreSQL's, in MB, 1..65536 (256); its other settings are in the report
          --postgres-options "-c NAME=VALUE ..."
                             settings of our server's sessions, to try them out
          --peer-only        the peers without ours
          --problems N       1..200,000 (20,000)
          --timeout N        seconds until a server serves, and until all pages are enqueued, 1..3600 (120)
          --rate N           requests a second of open and flat, 0..1,000,000 (0: half load; flat: 2,000);
                             new problems a second of dump (100)
          --minutes N        of heap, flat, resend and dump, 1..120 (5)
          --past N           past incidents of history, 1..5,000,000 (1,000,000)
          --groups N         open groups of start, 1..5,000,000 (1,000,000)
          --page-metric NAME counter of enqueued pages (incidents_pages_enqueued_total)
          --as-integration   send alerts with the configured integration's token, not the admin token
          --ours-dll PATH    the built server
          --config PATH      its configuration (load/incidents.load.yaml)
          --alertmanager PATH
          --prometheus PATH
          --out DIR          report folder (artifacts/load/<time>)
          --keep             keep the servers' data and logs
        """;

    private static readonly Dictionary<string, Func<LoadOptions, string, LoadOptions>> Valued = new(StringComparer.Ordinal)
    {
        ["--seconds"] = (o, v) => o with { Seconds = Number("--seconds", v, 1, 600) },
        ["--alerts"] = (o, v) => o with { Alerts = Number("--alerts", v, 1, 100_000_000) },
        ["--warmup"] = (o, v) => o with { Warmup = Number("--warmup", v, 0, 120) },
        ["--rounds"] = (o, v) => o with { Rounds = Number("--rounds", v, 1, 50) },
        ["--connections"] = (o, v) => o with { Connections = Number("--connections", v, 1, 1024) },
        ["--batch"] = (o, v) => o with { Batches = Numbers("--batch", v, 1, 1000) },
        ["--keys"] = (o, v) => o with { Keys = Numbers("--keys", v, 1, 1_000_000) },
        ["--peers"] = (o, v) => o with { Peers = ReadPeers(v) },
        ["--problems"] = (o, v) => o with { Problems = Number("--problems", v, 1, 200_000) },
        ["--timeout"] = (o, v) => o with { Timeout = Number("--timeout", v, 1, 3600) },
        ["--shared-buffers"] = (o, v) => o with { SharedBuffers = Number("--shared-buffers", v, 1, 65_536) },
        ["--postgres-options"] = (o, v) => o with { PostgresOptions = SessionSettings(v) },
        ["--past"] = (o, v) => o with { Past = Number("--past", v, 1, 5_000_000) },
        ["--groups"] = (o, v) => o with { Groups = Number("--groups", v, 1, 5_000_000) },
        ["--rate"] = (o, v) => o with { Rate = Number("--rate", v, 0, 1_000_000) },
        ["--minutes"] = (o, v) => o with { Minutes = Number("--minutes", v, 1, 120) },
        ["--prometheus"] = (o, v) => o with { Prometheus = v },
        ["--page-metric"] = (o, v) => o with { PageMetric = v },
        ["--ours-dll"] = (o, v) => o with { OursDll = v },
        ["--config"] = (o, v) => o with { Config = v },
        ["--alertmanager"] = (o, v) => o with { Alertmanager = v },
        ["--out"] = (o, v) => o with { Out = v },
        ["--urls"] = (o, v) => o with { Urls = LoopbackUrl(v) },
    };

    /// <summary>Reads the arguments; where they are wrong, <paramref name="error"/> says what is and the options are absent.</summary>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out LoadOptions? options, [NotNullWhen(false)] out string? error)
    {
        try
        {
            options = Parse(args);
            error = null;
            return true;
        }
        catch (LoadException refusal)
        {
            options = null;
            error = refusal.Message;
            return false;
        }
    }

    private static LoadOptions Parse(string[] args)
    {
        var options = new LoadOptions();
        var next = 0;
        if (args.Length > 0 && !args[0].StartsWith('-'))
            options = options with { Scenario = ReadScenario(args[next++]) };
        while (next < args.Length)
            options = One(options, args, ref next);
        if (options.Scenario == Scenario.Bare && options.Urls is null)
            throw new LoadException("bare needs --urls");
        return options;
    }

    private static LoadOptions One(LoadOptions options, string[] args, ref int next)
    {
        var name = args[next++];
        switch (name)
        {
            case "--help" or "-h":
                return options with { Scenario = Scenario.Help };
            case "--keep":
                return options with { Keep = true };
            case "--as-integration":
                return options with { AsIntegration = true };
            case "--peer-only":
                return options with { Peers = [.. options.Peers.Where(p => !PeerFactory.IsOurs(p))] };
            default:
                if (!Valued.TryGetValue(name, out var set))
                    throw new LoadException($"unknown option {name}");
                return next < args.Length ? set(options, args[next++]) : throw new LoadException($"{name} needs a value");
        }
    }

    private static Scenario ReadScenario(string word) => word switch
    {
        "compare" => Scenario.Compare,
        "problems" => Scenario.Problems,
        "bytes" => Scenario.Bytes,
        "open" => Scenario.Open,
        "heap" => Scenario.Heap,
        "flat" => Scenario.Flat,
        "resend" => Scenario.Resend,
        "history" => Scenario.History,
        "start" => Scenario.Start,
        "dump" => Scenario.Dump,
        "bare" => Scenario.Bare,
        "help" => Scenario.Help,
        _ => throw new LoadException($"unknown scenario {word}"),
    };

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, out var value) && value >= least && value <= most
            ? value
            : throw new LoadException($"{name} must be a whole number from {least} to {most}, not {text}");

    private static int[] Numbers(string name, string text, int least, int most) =>
        [.. text.Split(',').Select(part => Number(name, part, least, most)).Distinct()];

    private static string[] ReadPeers(string text)
    {
        var names = text.Split(',').Distinct(StringComparer.Ordinal).ToArray();
        var unknown = names.FirstOrDefault(n => !PeerFactory.Names.Contains(n, StringComparer.Ordinal));
        return unknown is null ? names : throw new LoadException($"--peers: unknown peer {unknown}");
    }

    // It goes into a connection string, where these would begin something else.
    private static string SessionSettings(string text) => text.AsSpan().IndexOfAny(";'\"") < 0
        ? text
        : throw new LoadException($"--postgres-options must not hold quotes or semicolons, not {text}");

    private static Uri LoopbackUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            && IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address)
            ? url
            : throw new LoadException($"--urls must be http on a loopback address, not {text}");
}
