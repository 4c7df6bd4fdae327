namespace Incidents.Acceptance.Processes;

/// <summary>A folder, a gateway and a server on the tests' configuration, shared by the tests of a class.</summary>
public abstract class Installation : IAsyncLifetime
{
    private readonly Store _store;
    private Folder? _folder;
    private ServerProcess? _server;
    private int _asked;

    private protected Installation(Store store) => _store = store;

    /// <summary>Whether several silos decide.</summary>
    internal bool IsCluster => _store == Store.Cluster;

    internal Folder Folder => _folder!;

    internal Pager Pager { get; private set; } = null!;

    /// <summary>
    /// The server; of a cluster the next silo in turn, so that what one of them said is asked of another. Skips the running test where what
    /// it stores its journal in is absent.
    /// </summary>
    internal ServerProcess Server => Servers[(int)((uint)Interlocked.Increment(ref _asked) % (uint)Servers.Count)];

    /// <summary>All of them.</summary>
    internal IReadOnlyList<ServerProcess> Servers
    {
        get
        {
            if (_server is null)
            {
                PostgresServer.Require();
                Tool.Absent("the Orleans packages");
            }

            // A silo that others take for dead leaves.
            Assert.All(Folder.Companions, c => Assert.True(c.IsRunning, c.Errors));
            return [_server!, .. Folder.Companions];
        }
    }

    public async ValueTask InitializeAsync()
    {
        // A class cannot be skipped from here, only each of its tests.
        if ((_store != Store.Sqlite && !PostgresServer.IsPresent) || (_store == Store.Cluster && !await Silos.ArePresentAsync()))
            return;
        Pager = await Pager.StartAsync();
        _folder = new Folder(_store);
        _server = await TestConfig.ServeAsync(_folder, Pager.Url);
    }

    /// <summary>Stops the server, or one of the silos, and starts it again on the same data.</summary>
    internal async Task RestartAsync()
    {
        await _server!.StopAsync();
        await _server.DisposeAsync();
        _server = await TestConfig.ServeAsync(_folder!, Pager.Url);
    }

    /// <inheritdoc cref="Folder.HoldsAsync" />
    internal Task HoldsAsync(string what, Func<Task<bool>> holds) => Folder.HoldsAsync(what, holds);

    /// <summary>Waits on a cluster until another silo has heard of what this one did; one process has done both.</summary>
    internal Task HeardAsync(string what, Func<Task<bool>> heard) => IsCluster ? Eventually.TrueAsync(what, heard) : Task.CompletedTask;

    /// <summary>The incident has come to a status by an alert.</summary>
    internal Task BecameAsync(string incident, string status) =>
        HoldsAsync($"{incident} is {status}", async () => await Server.Admin.StatusAsync(incident) == status);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            await Pager.DisposeAsync();
        }

        _folder?.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>With the journal in a file.</summary>
public sealed class FileInstallation() : Installation(Store.Sqlite);

/// <summary>With the journal in a PostgreSQL database.</summary>
public sealed class PostgresInstallation() : Installation(Store.Postgres);

/// <summary>Three silos, each asked in turn.</summary>
public sealed class ClusterInstallation() : Installation(Store.Cluster);
