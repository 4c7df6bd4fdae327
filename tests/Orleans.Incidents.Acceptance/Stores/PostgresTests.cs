using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Stores;

/// <summary>A server process on a real PostgreSQL.</summary>
public class PostgresTests
{
    private readonly PostgresServer _postgres = PostgresServer.Shared;
    private readonly string _database;
    private readonly Dictionary<string, string> _environment;

    public PostgresTests()
    {
        _database = _postgres.CreateDatabase();
        _environment = new Dictionary<string, string> { ["DATABASE"] = _postgres.NetworkConnection(_database) };
    }

    [Fact]
    public async Task A_restart_goes_on_and_an_orderly_stop_is_known_as_one()
    {
        using var folder = new Folder();
        await using (var first = await ServeAsync(folder.Data))
        {
            await first.Admin.OpenAsync("""{"title":"Disk full","severity":"critical"}""");
            await first.StopAsync();
        }

        Assert.Equal("0", Ask("SELECT count(*) FROM meta WHERE key='running'"));
        var reset = await ServerBinary.RunAsync(_environment, "token", "reset", "--data", folder.Data, "--postgres", "env:DATABASE");
        Assert.Equal((0, "", true), (reset.Exit, reset.Errors, reset.Output.Trim().Length > 20));
        await using var again = await ServeAsync(folder.Data);
        Assert.Contains("Disk full", (await again.Admin.GetAsync("/api/v1/incidents")).Text);
        var backup = await ServerBinary.RunAsync("backup", folder.At("backup.db"), "--data", folder.Data);
        Assert.NotEqual(0, backup.Exit);
        Assert.Contains("PostgreSQL's own programs", backup.Errors);
        var rebuilt = await ServerBinary.RunAsync("views", "rebuild", "--data", folder.Data);
        Assert.Equal((0, ""), (rebuilt.Exit, rebuilt.Errors));
        await again.StopAsync();
    }

    [Fact]
    public async Task What_makes_a_start_impossible_is_one_line_without_the_password()
    {
        using var folder = new Folder();
        var refusals = new Dictionary<string, string>
        {
            [_postgres.NetworkConnection(_database, "no such password")] = "user or password is wrong",
            ["Host=127.0.0.1;Port=1;Password=no such password"] = "cannot be reached",
            ["Password=no such password;Hots=x"] = "cannot be read",
            ["env:NOWHERE"] = "env:NOWHERE is absent or empty",
        };
        foreach (var (connection, words) in refusals)
        {
            foreach (var command in new string[][] { ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.Data], ["audit", "verify"] })
            {
                var run = await ServerBinary.RunAsync([.. command, "--postgres", connection]);

                Assert.NotEqual(0, run.Exit);
                Assert.Contains(words, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
                Assert.DoesNotContain("no such password", run.Output + run.Errors);
            }
        }
    }

    private Task<ServerProcess> ServeAsync(string data) => ServerProcess.StartAsync(data, environment: _environment, more: ["--postgres", "env:DATABASE"]);

    private string Ask(string sql) => _postgres.Sql(_database, sql);
}
