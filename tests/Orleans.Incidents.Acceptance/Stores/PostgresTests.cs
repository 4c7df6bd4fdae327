using System.Diagnostics;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Stores;

/// <summary>Server processes on a real PostgreSQL: one serves, another stands by, and nothing that was answered is lost between them.</summary>
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
    public async Task A_killed_server_is_replaced_within_two_seconds_and_what_it_answered_is_there()
    {
        using var folder = new Folder();
        await using var first = await ServeAsync(folder.At("first"));
        var incident = await first.Admin.OpenAsync("""{"title":"Disk full","severity":"critical"}""");
        var starting = ServeAsync(folder.At("second"));
        await Eventually.TrueAsync("the second one stands by", () => IsStoodBy());

        await first.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync("the second one has taken over", () => Ask("SELECT min(epoch) FROM shard") == "2", TimeSpan.FromSeconds(2));
        var took = Stopwatch.GetElapsedTime(killed);
        await using var second = await starting;
        var served = Stopwatch.GetElapsedTime(killed);

        TestContext.Current.TestOutputHelper?.WriteLine($"taken over within {took.TotalMilliseconds:0} ms, served again within {served.TotalMilliseconds:0} ms");
        Assert.Equal("Disk full", (await second.Admin.IncidentAsync(incident)).GetProperty("title").GetString());
        Assert.Contains("StandingBy", second.Errors);
        Assert.Contains("TookOver", second.Errors);
        await second.Admin.OpenAsync("""{"title":"Disk full again","severity":"critical"}""");
        var verified = await ServerBinary.RunAsync(_environment, "audit", "verify", "--postgres", "env:DATABASE");
        Assert.Equal((0, true), (verified.Exit, verified.Output.TrimEnd().EndsWith("verified", StringComparison.Ordinal)));
        await second.StopAsync();
        Assert.DoesNotContain(PostgresServer.Password, first.Output + first.Errors + second.Output + second.Errors);
    }

    [Fact]
    public async Task A_server_that_was_replaced_while_it_lives_leaves_service_and_says_so()
    {
        using var folder = new Folder();
        await using var first = await ServeAsync(folder.At("first"));
        var starting = ServeAsync(folder.At("second"));
        await Eventually.TrueAsync("the second one stands by", () => IsStoodBy());

        // What a take-over does, while the first one lives and is connected.
        Ask("BEGIN; SELECT 1 FROM log FOR NO KEY UPDATE; UPDATE shard SET epoch=epoch+1; COMMIT");

        Assert.Equal(1, await first.ExitAsync(Eventually.Patience));
        Assert.Contains("another process has taken over", first.Errors);
        await using var second = await starting;
        await second.Admin.OpenAsync("""{"title":"Disk full","severity":"critical"}""");
        await second.StopAsync();
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

    // A process that stands by has asked for the owner's place and goes on asking; the owner asks for other things.
    private bool IsStoodBy() => Ask("SELECT count(*) FROM pg_stat_activity WHERE datname=current_database() AND state='idle' AND query LIKE 'SELECT pg_try_advisory_lock%'") == "1";

    private string Ask(string sql) => _postgres.Sql(_database, sql);
}
