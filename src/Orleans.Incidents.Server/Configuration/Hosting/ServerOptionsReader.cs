using System.Collections.Immutable;
using Incidents.Routing.Matchers;
using Incidents.Server.Configuration.Reading;
using Incidents.Server.Configuration.Yaml;

namespace Incidents.Server.Configuration;

/// <summary>
/// Reads the server's options: the command line wins over the environment, that over the host's configuration, that over
/// the default. An empty environment variable counts as absent. Pure: whether a folder can be written is seen at its use.
/// </summary>
public sealed class ServerOptionsReader
{
    private const int MinBody = 1024;
    private const int MaxBody = 64 * 1024 * 1024;

    private readonly Func<ServerOption, (string Source, string Value)> _find;
    private readonly List<string> _errors = [];

    private ServerOptionsReader(Func<ServerOption, (string Source, string Value)> find) => _find = find;

    /// <summary>Reads all options; every error is reported.</summary>
    /// <param name="commandLine">The value of an option by <see cref="ServerOption.Name"/>; <see langword="null"/> when it was not given. A flag without a value is <c>true</c>.</param>
    /// <param name="environment">An environment variable; <see langword="null"/> when it is not set.</param>
    /// <param name="configuration">A value of the host's configuration by <see cref="ServerOption.Key"/>; <see langword="null"/> when absent.</param>
    public static ServerOptionsResult Read(
        Func<string, string?> commandLine, Func<string, string?> environment, Func<string, string?> configuration)
    {
        var reader = new ServerOptionsReader(option =>
            commandLine(option.Name) is { } given ? (option.CommandLine, given)
            : environment(option.Environment) is { Length: > 0 } set ? (option.Environment, set)
            : configuration(option.Key) is { } configured ? (option.Key, configured)
            : (option.CommandLine, option.Default));
        var options = reader.ReadAll();
        reader.Combine(options);
        return reader._errors.Count == 0 ? new(options, []) : new(null, [.. reader._errors]);
    }

    private ServerOptions ReadAll()
    {
        var behindProxy = Flag(ServerOption.BehindProxy);
        return new ServerOptions
        {
            Urls = Urls(behindProxy),
            DataDirectory = Parsed(ServerOption.Data, t => t.Trim().Length > 0 ? t : null, "a folder") ?? "",
            Postgres = _find(ServerOption.Postgres).Value is { Length: > 0 } connection ? connection : null,
            Cluster = Flag(ServerOption.Cluster),
            Silos = Parsed(ServerOption.Silos, t => Number(t, 1, 16), "a whole number from 1 to 16") ?? default,
            SiloPort = Parsed(ServerOption.SiloPort, t => Number(t, 1, 65535), "a port from 1 to 65535") ?? default,
            GatewayPort = Parsed(ServerOption.GatewayPort, t => Number(t, 0, 65535), "a port from 0 to 65535") ?? default,
            Advertise = Parsed(ServerOption.Advertise, t => System.Net.IPAddress.TryParse(t, out var ip) ? ip : null, "an IP address") ?? System.Net.IPAddress.Loopback,
            ClusterCertificate = _find(ServerOption.ClusterCertificate).Value is { Length: > 0 } certificate ? certificate : null,
            ConfigFile = _find(ServerOption.Config).Value is { Length: > 0 } file ? file : null,
            Matchers = Parsed(ServerOption.Matchers, Mode, "fallback, classic or utf8-strict") ?? default,
            Demo = Flag(ServerOption.Demo),
            BehindProxy = behindProxy,
            Metrics = Parsed(ServerOption.Metrics, Access, "open, token or off") ?? default,
            MaxBodyBytes = Parsed(ServerOption.MaxBodyBytes, BodyBytes, $"a whole number from {MinBody} to {MaxBody}") ?? default,
            ShutdownTimeout = Parsed(ServerOption.ShutdownTimeout, Wait, "a duration such as 30s, longer than zero") ?? default,
            LogFormat = Parsed(ServerOption.LogFormat, Format, "text or json") ?? default,
            LogLevel = Parsed(ServerOption.LogLevel, Level, "trace, debug, information, warning, error, critical or none") ?? default,
            OtlpEndpoint = _find(ServerOption.OtlpEndpoint).Value.Length == 0 ? null : Parsed(ServerOption.OtlpEndpoint, Endpoint, "an http or https address"),
            TraceRatio = Parsed(ServerOption.TraceRatio, Ratio, "a number from 0 to 1") ?? default,
        };
    }

    private void Combine(ServerOptions options)
    {
        if (options is { Cluster: true, Postgres: null })
            _errors.Add($"{ServerOption.Cluster.CommandLine}: a cluster shares a PostgreSQL database; name it with {ServerOption.Postgres.CommandLine}");
        if (options is { Cluster: false, Silos: > 1 })
            _errors.Add($"{ServerOption.Silos.CommandLine}: means something with {ServerOption.Cluster.CommandLine} only");
        if (options is { Cluster: true, Demo: true })
            _errors.Add($"{ServerOption.Demo.CommandLine}: the demonstration has throw-away data of its own and no cluster");
    }

    private ImmutableArray<string> Urls(bool behindProxy)
    {
        var (source, value) = _find(ServerOption.Urls);
        var urls = value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0)
            _errors.Add($"{source}: names no address to listen on");
        foreach (var again in urls.GroupBy(u => u, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            _errors.Add($"{source}: {ErrorList.Quote(again.Key)} is there twice");
        _errors.AddRange(urls.Distinct().Select(u => ListenUrl.Problem(u, behindProxy)).OfType<string>().Select(p => $"{source}: {p}"));
        return [.. urls];
    }

    private bool Flag(ServerOption option) => Parsed(option, Truth, "true or false") ?? false;

    private T? Parsed<T>(ServerOption option, Func<string, T?> parse, string expected)
    {
        var (source, value) = _find(option);
        var parsed = parse(value);
        if (parsed is null)
            _errors.Add($"{source}: expected {expected}, found {ErrorList.Quote(value)}");
        return parsed;
    }

    private static int? Number(string text, int least, int most) => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static bool? Truth(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    /// <summary>A mode by the name that Alertmanager's feature flags give it; <see langword="null"/>: there is none of that name.</summary>
    internal static MatcherMode? Mode(string text) => text switch
    {
        "fallback" => MatcherMode.Fallback,
        "classic" or "classic-mode" => MatcherMode.Classic,
        "utf8-strict" or "utf8-strict-mode" => MatcherMode.Utf8Strict,
        _ => null,
    };

    private static MetricsAccess? Access(string text) => text switch
    {
        "open" => MetricsAccess.Open,
        "token" => MetricsAccess.Token,
        "off" => MetricsAccess.Off,
        _ => null,
    };

    private static LogFormat? Format(string text) => text switch
    {
        "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        _ => null,
    };

    private static LogLevel? Level(string text) =>
        text.All(char.IsAsciiLetter) && Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) ? level : null;

    private static Uri? Endpoint(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;

    private static double? Ratio(string text) =>
        double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio : null;

    private static int? BodyBytes(string text) => int.TryParse(text, out var bytes) && bytes is >= MinBody and <= MaxBody ? bytes : null;

    private static NodaTime.Duration? Wait(string text) => Texts.Duration(text) is { } wait && wait > NodaTime.Duration.Zero ? wait : null;
}
