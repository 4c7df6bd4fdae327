using System.Globalization;

namespace Incidents.Acceptance.Processes;

/// <summary>Silos of one cluster, each a process of its own on the folder's database.</summary>
internal sealed class Silos : IAsyncDisposable
{
    private static readonly Lazy<Task<bool>> Present = new(async () => (await ServerBinary.RunAsync("--version")).Output.Contains("cluster", StringComparison.Ordinal));

    private readonly Folder _folder;
    private readonly string _pages;
    private readonly List<ServerProcess> _all = [];
    private int _started;

    private Silos(Folder folder, string pages) => (_folder, _pages) = (folder, pages);

    /// <summary>Those that were started and not taken out, in order.</summary>
    public IReadOnlyList<ServerProcess> All => _all;

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
    public static async Task<Silos> StartAsync(Folder folder, string pages, int count)
    {
        var silos = new Silos(folder, pages);
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

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _all)
            await silo.DisposeAsync();
    }

    private async Task RemoveAsync(ServerProcess silo)
    {
        _all.Remove(silo);
        await silo.DisposeAsync();
    }

    private Task<ServerProcess> StartOneAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"silo-{Interlocked.Increment(ref _started)}");
        return ServerProcess.StartAsync(
            _folder.At(name), _folder.Write($"{name}.yaml", TestConfig.Text(_pages)), TestConfig.Environment, true, ["--postgres", _folder.Connection, .. Arguments()]);
    }
}
