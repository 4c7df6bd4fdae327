using System.Collections.Concurrent;
using System.Globalization;

namespace Incidents.Acceptance.Processes;

/// <summary>Silos of one cluster, each a process of its own on the folder's database.</summary>
internal sealed class Silos : IAsyncDisposable
{
    private static readonly Lazy<Task<bool>> Present = new(async () => (await ServerBinary.RunAsync("--version")).Output.Contains("cluster", StringComparison.Ordinal));

    private readonly Folder _folder;
    private readonly string _pages;
    private readonly Func<Relay>? _network;
    private readonly List<ServerProcess> _all = [];
    private readonly ConcurrentDictionary<ServerProcess, Relay> _relays = [];
    private int _started;

    private Silos(Folder folder, string pages, Func<Relay>? network) => (_folder, _pages, _network) = (folder, pages, network);

    /// <summary>Those that were started and not taken out, in order.</summary>
    public IReadOnlyList<ServerProcess> All => _all;

    /// <summary>What those that are started from now on run.</summary>
    public string Program { get; set; } = ServerBinary.Path;

    /// <summary>Whether the server was built with the cluster.</summary>
    public static Task<bool> ArePresentAsync() => Present.Value;

    /// <summary>Skips the running test where it was not.</summary>
    public static async Task RequireAsync()
    {
        PostgresServer.Require();
        if (!await ArePresentAsync())
            Tool.Absent("the Orleans packages");
    }

    /// <summary>How a server is told that it is a silo, at a port that nobody else has.</summary>
    public static string[] Arguments() => ["--cluster", "true", "--gateway-port", "0", "--silo-port", PostgresPrograms.FreePort().ToString(CultureInfo.InvariantCulture)];

    /// <summary>Starts so many at once and waits until all serve.</summary>
    /// <param name="network">Makes each one a network of its own to the database; absent: they reach it as the test does.</param>
    /// <param name="program">What they run; absent: this version.</param>
    public static async Task<Silos> StartAsync(Folder folder, string pages, int count, Func<Relay>? network = null, string? program = null)
    {
        var silos = new Silos(folder, pages, network) { Program = program ?? ServerBinary.Path };
        silos._all.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => silos.StartOneAsync())));
        return silos;
    }

    /// <summary>Starts another one, in a folder of its own.</summary>
    public async Task<ServerProcess> AddAsync()
    {
        var silo = await StartOneAsync();
        _all.Add(silo);
        return silo;
    }

    /// <summary>The way of one to the database, where it has one of its own.</summary>
    public Relay NetworkOf(ServerProcess silo) => _relays[silo];

    /// <summary>Ends one as a power cut would.</summary>
    public async Task KillAsync(ServerProcess silo)
    {
        await silo.KillAsync();
        await RemoveAsync(silo);
    }

    /// <summary>Stops one in order.</summary>
    public async Task StopAsync(ServerProcess silo)
    {
        await silo.StopAsync();
        await RemoveAsync(silo);
    }

    /// <summary>Takes out one that has ended by itself.</summary>
    public async Task RemoveAsync(ServerProcess silo)
    {
        _all.Remove(silo);
        await silo.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _all.ToList())
            await RemoveAsync(silo);

        // Not before: what a silo said last may be on its way when it is gone.
        foreach (var relay in _relays.Values)
            relay.Dispose();
    }

    private async Task<ServerProcess> StartOneAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"silo-{Interlocked.Increment(ref _started)}");
        var relay = _network?.Invoke();
        var silo = await ServerProcess.StartOtherAsync(
            Program, _folder.At(name), _folder.Write($"{name}.yaml", TestConfig.Text(_pages)), standsBy: false,
            ["--postgres", relay is null ? _folder.Connection : _folder.ConnectionBy(relay), .. Arguments()]);
        if (relay is not null)
            _relays[silo] = relay;
        return silo;
    }
}
