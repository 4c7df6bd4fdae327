namespace Incidents.Acceptance.Processes;

/// <summary>A folder, a gateway and a server on the tests' configuration, shared by the tests of a class.</summary>
public abstract class Installation : IAsyncLifetime
{
    private readonly Store _store;
    private Folder? _folder;
    private ServerProcess? _server;
    private Silos? _silos;

    private protected Installation(Store store) => _store = store;

    internal Folder Folder => _folder!;

    internal Pager Pager { get; private set; } = null!;

    /// <summary>The server; skips the running test where what it stores its journal in is absent.</summary>
    internal ServerProcess Server
    {
        get
        {
            if (_server is null)
            {
                PostgresServer.Require();
                Tool.Absent("the Orleans packages");
            }

            return _server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        // A class cannot be skipped from here, only each of its tests.
        if ((_store != Store.Sqlite && !PostgresServer.IsPresent) || (_store == Store.Cluster && !await Silos.ArePresentAsync()))
            return;
        Pager = await Pager.StartAsync();
        _folder = new Folder(_store);
        if (_store == Store.Cluster)
            _silos = await Silos.StartAsync(_folder, Pager.Url, count: 2);
        _server = await TestConfig.ServeAsync(_folder, Pager.Url);
    }

    /// <summary>Stops the server and starts it again on the same data.</summary>
    internal async Task RestartAsync()
    {
        await Server.StopAsync();
        await Server.DisposeAsync();
        _server = await TestConfig.ServeAsync(_folder!, Pager.Url);
    }

    public async ValueTask DisposeAsync()
    {
        if (_silos is not null)
            await _silos.DisposeAsync();
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

/// <summary>With two further silos beside the one that is asked.</summary>
public sealed class ClusterInstallation() : Installation(Store.Cluster);
