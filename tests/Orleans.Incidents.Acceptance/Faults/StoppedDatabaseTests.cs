using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Faults;

/// <summary>The PostgreSQL server is down for longer than any sender waits, and says so.</summary>
public class StoppedDatabaseTests
{
    [Fact]
    public async Task Senders_are_refused_at_once_and_told_why_and_served_again_when_it_is_back()
    {
        using var postgres = PostgresServer.StartOwn();
        var database = postgres.CreateDatabase();
        using var folder = new Folder(Store.Sqlite);
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url, "--postgres", postgres.NetworkConnection(database));
        using var sender = server.As(TestConfig.Generic);
        await sender.AlertAsync(Alert("early"));

        postgres.Stop("fast");
        await Eventually.TrueAsync("refused without a wait", async () => await sender.PostAsync("/integrations/generic/alerts", Alert("refused")) is { Status: 503 } no && no.Text.Contains("cannot store alerts at the moment"));
        Assert.Equal(503, (await server.Admin.GetAsync("/readyz")).Status);
        postgres.Start();

        await Eventually.TrueAsync("accepts again", async () => (await sender.PostAsync("/integrations/generic/alerts", Alert("late"))).Status == 202);
        await Eventually.TrueAsync("ready again", async () => (await server.Admin.GetAsync("/readyz")).Status == 200);
        await server.StopAsync();
    }

    private static string Alert(string key) => $$"""{"dedup_key":"{{key}}","title":"Problem {{key}}","severity":"critical"}""";
}
