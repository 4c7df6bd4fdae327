using System.Collections.Immutable;

namespace Incidents.Server.Configuration;

/// <summary>One setting of the server process, by its three names.</summary>
/// <param name="Name">Lower-case words with hyphens, such as <c>max-body-bytes</c>.</param>
/// <param name="IsFlag">Whether it is on or off; on the command line it then needs no value.</param>
/// <param name="Default">What holds when nobody says anything, as it would be written; empty: nothing.</param>
/// <param name="Help">One line for people.</param>
public sealed record ServerOption(string Name, bool IsFlag, string Default, string Help)
{
    /// <summary>Where it listens.</summary>
    public static ServerOption Urls { get; } = new("urls", false, "http://127.0.0.1:5080", "where to listen; several are separated by semicolons");

    /// <summary>Where the journal lives.</summary>
    public static ServerOption Data { get; } = new("data", false, "incidents-data", "the folder of the journal, made when absent");

    /// <summary>The database of the journal.</summary>
    public static ServerOption Postgres { get; } = new("postgres", false, "", "the PostgreSQL database of the journal, instead of a file: Host=...;Database=...;Username=...;Password=..., or env:NAME or file:PATH of that");

    /// <summary>Whether several processes share the journal.</summary>
    public static ServerOption Cluster { get; } = new("cluster", true, "false", "serve as one silo of an Orleans cluster on the PostgreSQL database, which all of them share");

    /// <summary>How many silos are started on this machine.</summary>
    public static ServerOption Silos { get; } = new("silos", false, "1", "with --cluster: start so many silos on this machine, at ports that follow each other");

    /// <summary>Where a silo is reached by the others.</summary>
    public static ServerOption SiloPort { get; } = new("silo-port", false, "11111", "with --cluster: where the other silos reach this one");

    /// <summary>Where a silo is reached by clients of Orleans.</summary>
    public static ServerOption GatewayPort { get; } = new("gateway-port", false, "30000", "with --cluster: where clients of Orleans reach this one; 0: nowhere");

    /// <summary>Under which address.</summary>
    public static ServerOption Advertise { get; } = new("advertise", false, "127.0.0.1", "with --cluster: the IP address under which the other silos reach this one");

    /// <summary>The certificate of connections between silos.</summary>
    public static ServerOption ClusterCertificate { get; } = new("cluster-certificate", false, "", "with --cluster: a PFX file with the certificate and key that silos show and ask each other; its password by INCIDENTS_CLUSTER_CERTIFICATE_PASSWORD");

    /// <summary>The configuration file.</summary>
    public static ServerOption Config { get; } = new("config", false, "", "the configuration file; without one everything is made through the API");

    /// <summary>How matchers are read.</summary>
    public static ServerOption Matchers { get; } = new("matchers", false, "fallback", "how matchers are read: fallback (both grammars), classic or utf8-strict, as Alertmanager's modes");

    /// <summary>Demonstration mode.</summary>
    public static ServerOption Demo { get; } = new("demo", true, "false", "replay three minutes of a believable day on throw-away data, with a catalogue of its own");

    /// <summary>Whether a proxy in front provides TLS.</summary>
    public static ServerOption BehindProxy { get; } = new("behind-proxy", true, "false", "a proxy in front provides TLS; its forwarded headers are believed");

    /// <summary>Who may read <c>/metrics</c>.</summary>
    public static ServerOption Metrics { get; } = new("metrics", false, "open", "who may read /metrics: open, token or off");

    /// <summary>The largest request body.</summary>
    public static ServerOption MaxBodyBytes { get; } = new("max-body-bytes", false, "4194304", "larger request bodies are refused");

    /// <summary>How long a stop may take.</summary>
    public static ServerOption ShutdownTimeout { get; } = new("shutdown-timeout", false, "10s", "how long a stop waits for work in progress");

    /// <summary>How log lines are written.</summary>
    public static ServerOption LogFormat { get; } = new("log-format", false, "text", "how log lines are written on the error stream: text or json");

    /// <summary>The least urgent log lines that are written.</summary>
    public static ServerOption LogLevel { get; } = new("log-level", false, "information", "the least urgent log lines written: trace, debug, information, warning, error, critical or none");

    /// <summary>Where traces and metrics are sent.</summary>
    public static ServerOption OtlpEndpoint { get; } = new("otlp-endpoint", false, "", "an OpenTelemetry collector that gets traces and metrics, such as http://127.0.0.1:4318");

    /// <summary>How many of the traces that begin here are kept.</summary>
    public static ServerOption TraceRatio { get; } = new("trace-ratio", false, "1", "the share of traces kept, from 0 to 1, where the sender does not say");

    /// <summary>All of them, in the order of the help text.</summary>
    public static ImmutableArray<ServerOption> All { get; } =
        [Urls, Data, Postgres, Cluster, Silos, SiloPort, GatewayPort, Advertise, ClusterCertificate, Config, Matchers, Demo, BehindProxy, Metrics, MaxBodyBytes, ShutdownTimeout, LogFormat, LogLevel, OtlpEndpoint, TraceRatio];

    /// <summary>On the command line: <c>--max-body-bytes</c>.</summary>
    public string CommandLine => "--" + Name;

    /// <summary>In the environment: <c>INCIDENTS_MAX_BODY_BYTES</c>.</summary>
    public string Environment => "INCIDENTS_" + Name.Replace('-', '_').ToUpperInvariant();

    /// <summary>In the host's configuration, such as appsettings.json: <c>Incidents:MaxBodyBytes</c>.</summary>
    public string Key => "Incidents:" + string.Concat(Name.Split('-').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
