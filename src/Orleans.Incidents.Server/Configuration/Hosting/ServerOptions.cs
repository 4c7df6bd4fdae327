using System.Collections.Immutable;
using Incidents.Routing.Matchers;
using NodaTime;

namespace Incidents.Server.Configuration;

/// <summary>Who may read <c>/metrics</c>.</summary>
public enum MetricsAccess
{
    /// <summary>Anyone who can connect.</summary>
    Open,

    /// <summary>Whoever has a token that may operate.</summary>
    Token,

    /// <summary>Nobody: there is no such address.</summary>
    Off,
}

/// <summary>How log lines are written.</summary>
public enum LogFormat
{
    /// <summary>For people: time, level, event, sentence, fields.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>How this process runs; what it does for incidents is in the configuration file.</summary>
public sealed record ServerOptions
{
    /// <summary>Where to listen; at least one.</summary>
    public required ImmutableArray<string> Urls { get; init; }

    /// <summary>The folder of the journal, as it was written: relative to the current directory or absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The connection to the journal's database as it was written, which may hold a password; <see langword="null"/>: the journal is a file in the folder.</summary>
    public required string? Postgres { get; init; }

    /// <summary>Whether to serve as one silo of a cluster on the database.</summary>
    public bool Cluster { get; init; }

    /// <summary>How many silos to start on this machine; from 1 to 16.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Where the other silos reach this one; from 1 to 65535.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Where clients of Orleans reach this one; 0: nowhere.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>The address under which the other silos reach this one.</summary>
    public System.Net.IPAddress Advertise { get; init; } = System.Net.IPAddress.Loopback;

    /// <summary>The file with the certificate and key of connections between silos; <see langword="null"/>: they are not encrypted.</summary>
    public string? ClusterCertificate { get; init; }

    /// <summary>The configuration file as it was written; <see langword="null"/>: none.</summary>
    public required string? ConfigFile { get; init; }

    /// <summary>How matchers and label names are read.</summary>
    public required MatcherMode Matchers { get; init; }

    /// <summary>Whether to replay a demonstration on throw-away data instead of serving the data folder.</summary>
    public required bool Demo { get; init; }

    /// <summary>Whether a proxy in front provides TLS and its forwarded headers are believed.</summary>
    public required bool BehindProxy { get; init; }

    /// <summary>Who may read <c>/metrics</c>.</summary>
    public required MetricsAccess Metrics { get; init; }

    /// <summary>Larger request bodies are refused; from 1 KiB to 64 MiB.</summary>
    public required int MaxBodyBytes { get; init; }

    /// <summary>How long a stop waits for work in progress; longer than zero.</summary>
    public required Duration ShutdownTimeout { get; init; }

    /// <summary>How log lines are written.</summary>
    public required LogFormat LogFormat { get; init; }

    /// <summary>The least urgent log lines that are written.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>The collector that gets traces and metrics; <see langword="null"/>: what OpenTelemetry's own environment variables say, else none.</summary>
    public required Uri? OtlpEndpoint { get; init; }

    /// <summary>The share of traces kept, from 0 to 1, where the sender does not say.</summary>
    public required double TraceRatio { get; init; }
}

/// <summary>Either options, or at least one error.</summary>
/// <param name="Options"><see langword="null"/> exactly when there are errors.</param>
/// <param name="Errors">One line each; begins with the name that the setting was given under.</param>
public sealed record ServerOptionsResult(ServerOptions? Options, ImmutableArray<string> Errors);
