using System.Net;
using System.Security.Cryptography;

namespace Incidents.Load.Peers;

/// <summary>How to start a server of one kind for one cell.</summary>
/// <param name="Name">As on the command line and in the report.</param>
/// <param name="Command">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Added to its environment.</param>
/// <param name="ReadyPath">Answers 200 once the server takes alerts.</param>
/// <param name="CountMetric">Its own counter of alerts taken, checked against the client's count; <see langword="null"/>: it has none.</param>
internal sealed record Peer(
    string Name,
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string ReadyPath,
    string? CountMetric);

/// <summary>What our server lets in during one run, made anew for each.</summary>
/// <param name="Admin">Opens everything.</param>
/// <param name="Integration">Belongs to the integration in <c>load/incidents.load.yaml</c>.</param>
internal sealed record Tokens(string Admin, string Integration)
{
    public static Tokens Random() =>
        new(RandomNumberGenerator.GetHexString(32, lowercase: true), RandomNumberGenerator.GetHexString(32, lowercase: true));
}

/// <summary>The servers that are compared, each with a fresh folder and port.</summary>
internal static class PeerFactory
{
    public const string Ours = "ours";
    public const string OursPostgres = "ours-postgres";
    public const string Alertmanager = "alertmanager";
    public const string Bare = "bare";

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>The servers' names, as on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = [Ours, OursPostgres, Alertmanager, Bare];

    /// <summary>Whether it is our server, whatever it keeps its journal in.</summary>
    public static bool IsOurs(string name) => name is Ours or OursPostgres;

    /// <param name="store">The database of our server on PostgreSQL; <see langword="null"/> for every other.</param>
    public static Peer Create(string name, LoadOptions options, string folder, IPEndPoint address, Tokens tokens, PostgresStore? store) => name switch
    {
        Ours => OursPeer(options, folder, address, tokens),
        OursPostgres => OnPostgres(OursPeer(options, folder, address, tokens), store!),
        Alertmanager => AlertmanagerPeer(options, folder, address),
        Bare => BarePeer(address),
        _ => throw new LoadException($"unknown peer {name}"),
    };

    /// <summary>Our server's data folder within the cell's folder.</summary>
    public static string DataFolder(string folder) => Path.Combine(folder, "data");

    private static Peer OursPeer(LoadOptions options, string folder, IPEndPoint address, Tokens tokens)
    {
        string[] arguments =
        [
            Path.GetFullPath(options.OursDll), "serve", "--urls", $"http://{address}",
            "--data", DataFolder(folder), "--config", Path.GetFullPath(options.Config),
        ];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) 
        {
            ["INCIDENTS_ADMIN_TOKEN"] = tokens.Admin,
            ["INCIDENTS_LOAD_TOKEN"] = tokens.Integration,
        };
        return new Peer(Ours, "dotnet", arguments, environment, "/readyz", null);
    }

    private static Peer OnPostgres(Peer ours, PostgresStore store) =>
        ours with { Name = OursPostgres, Environment = new Dictionary<string, string>(ours.Environment, StringComparer.Ordinal) { ["INCIDENTS_POSTGRES"] = store.ServerConnection } };

    private static Peer AlertmanagerPeer(LoadOptions options, string folder, IPEndPoint address)
    {
        var config = Path.Combine(folder, "alertmanager.yml");
        File.WriteAllText(config, """
            route:
              receiver: nowhere
              group_by: ['alertname']
            receivers:
              - name: nowhere
            """);
        string[] arguments =
        [
            $"--web.listen-address={address}", "--cluster.listen-address=",
            $"--storage.path={DataFolder(folder)}", $"--config.file={config}",
        ];
        return new Peer(Alertmanager, options.Alertmanager, arguments, Nothing, "/-/ready", "alertmanager_alerts_received_total");
    }

    private static Peer BarePeer(IPEndPoint address) =>
        new(Bare, "dotnet", [typeof(PeerFactory).Assembly.Location, "bare", "--urls", $"http://{address}"], Nothing, "/", null);
}
