using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Incidents.Testing;

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
    string? CountMetric)
{
    /// <summary>How many servers it starts, at ports that follow each other; requests go to the first.</summary>
    public int Servers { get; init; } = 1;

    /// <summary>Whether they say yes to an alert before it is decided.</summary>
    public bool IsCluster { get; init; }
}

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
    public const string OursSilo = "ours-silo";
    public const string OursSilos = "ours-silos";
    public const string Alertmanager = "alertmanager";
    public const string Bare = "bare";

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>The servers' names, as on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = [Ours, OursPostgres, OursSilo, OursSilos, Alertmanager, Bare];

    /// <summary>Whether it is our server, whatever it keeps its journal in.</summary>
    public static bool IsOurs(string name) => name == Ours || IsOnPostgres(name);

    /// <summary>Whether it is our server on a PostgreSQL database.</summary>
    public static bool IsOnPostgres(string name) => name is OursPostgres or OursSilo or OursSilos;

    /// <param name="store">The database of our server on PostgreSQL; <see langword="null"/> for every other.</param>
    public static Peer Create(string name, LoadOptions options, string folder, IPEndPoint address, Tokens tokens, PostgresStore? store) => name switch
    {
        Ours => OursPeer(options, folder, address, tokens),
        OursPostgres => OnPostgres(OursPeer(options, folder, address, tokens), store!),
        OursSilo => Cluster(OnPostgres(OursPeer(options, folder, address, tokens), store!), name, silos: 1),
        OursSilos => Cluster(OnPostgres(OursPeer(options, folder, address, tokens), store!), name, silos: 3),
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

    private static Peer Cluster(Peer ours, string name, int silos) => ours with
    {
        Name = name, Servers = silos, IsCluster = true,
        Environment = new Dictionary<string, string>(ours.Environment, StringComparer.Ordinal)
        {
            ["INCIDENTS_CLUSTER"] = "true",
            ["INCIDENTS_SILOS"] = silos.ToString(CultureInfo.InvariantCulture),
            ["INCIDENTS_SILO_PORT"] = PostgresPrograms.FreePort().ToString(CultureInfo.InvariantCulture),
            ["INCIDENTS_GATEWAY_PORT"] = "0",
        },
    };

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
