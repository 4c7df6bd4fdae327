using Incidents.Acceptance.Processes;
using Incidents.Acceptance.Stores;
using Npgsql;

namespace Incidents.Acceptance.Starting;

/// <summary>A silo that is told to stop while it starts: what it waits for in the database is held, so that the moment is always the same.</summary>
[Collection(typeof(OneCluster))]
public class StopAtStartTests
{
    private const string Membership = "LOCK TABLE silo, cluster";

    // Whoever brings about what a start does holds this.
    private const string Turn = "SELECT pg_advisory_xact_lock(x'494E434950524550'::bit(64)::bigint)";

    [Theory]
    [InlineData(Membership, "cluster")]
    [InlineData(Turn, "start")]
    public async Task It_ends_in_order_when_it_can_go_on(string held, string session)
    {
        await Silos.RequireAsync();
        using var folder = await MigratedAsync();
        await using var hold = await HoldAsync(folder, held);
        await using var silo = await StartAsync(folder, session);

        silo.Terminate();
        await hold.CloseAsync();

        await AssertEndsInOrderAsync(silo);
        Assert.Contains("Stopped", silo.Errors);
        Assert.Equal("0", folder.Ask("SELECT count(*) FROM silo WHERE status IN (2, 3)"));
    }

    [Theory]
    [InlineData(Membership, "cluster")]
    [InlineData(Turn, "start")]
    public async Task It_ends_in_time_though_it_cannot_go_on(string held, string session)
    {
        await Silos.RequireAsync();
        using var folder = await MigratedAsync();
        await using var hold = await HoldAsync(folder, held);
        await using var silo = await StartAsync(folder, session);

        silo.Terminate();

        await AssertEndsInOrderAsync(silo);
    }

    private static async Task AssertEndsInOrderAsync(ServerProcess silo)
    {
        var exit = await silo.ExitAsync(Eventually.Patience);
        Assert.True(exit == 0, $"{exit}: {silo.Errors}");
        Assert.False(silo.IsServing);

        // Orleans warns of a machine that is slow.
        Assert.All(silo.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.True(line.Contains(" information ", StringComparison.Ordinal) || line.Contains(" warning ", StringComparison.Ordinal), line));
    }

    // What is held must be there.
    private static async Task<Folder> MigratedAsync()
    {
        var folder = new Folder(Store.Cluster);
        await using var silos = await Silos.StartAsync(folder, "http://127.0.0.1:9/page", count: 1);
        await silos.StopAsync(silos.All[0]);
        return folder;
    }

    private static async Task<NpgsqlConnection> HoldAsync(Folder folder, string what)
    {
        var connection = new NpgsqlConnection(folder.Connection + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var held = new NpgsqlCommand($"BEGIN; {what}", connection);
        await held.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task<ServerProcess> StartAsync(Folder folder, string session)
    {
        var silo = ServerProcess.Begin(folder.At("stopped"), folder.Write("stopped.yaml", TestConfig.Text("http://127.0.0.1:9/page")), ["--postgres", folder.Connection, .. Silos.Arguments()]);
        await Eventually.TrueAsync("it waits for what is held", () => folder.Ask($"SELECT count(*) FROM pg_stat_activity WHERE datname=current_database() AND application_name='Orleans.Incidents {session}'") != "0", TimeSpan.FromMinutes(1));
        return silo;
    }
}
