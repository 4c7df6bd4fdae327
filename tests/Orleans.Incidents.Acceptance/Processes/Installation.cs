namespace Incidents.Acceptance.Processes;

/// <summary>A folder, a gateway and a server on the tests' configuration, shared by the tests of a class.</summary>
public sealed class Installation : IAsyncLifetime
{
    internal Folder Folder { get; } = new();

    internal Pager Pager { get; private set; } = null!;

    internal ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Pager = await Pager.StartAsync();
        Server = await TestConfig.ServeAsync(Folder, Pager.Url);
    }

    /// <summary>Stops the server and starts it again on the same data.</summary>
    internal async Task RestartAsync()
    {
        await Server.StopAsync();
        await Server.DisposeAsync();
        Server = await TestConfig.ServeAsync(Folder, Pager.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Pager.DisposeAsync();
        Folder.Dispose();
    }
}
