using System.Diagnostics;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Faults;

/// <summary>The PostgreSQL server stops answering for longer than any sender waits, without a word; a relay plays the network.</summary>
public class SlowDatabaseTests
{
    private const int Requests = 60;
    private const int BodyBytes = 900_000;
    private const long MaxGrowth = 600L << 20;

    [Fact]
    public async Task A_database_that_does_not_answer_is_said_in_time_holds_no_memory_without_bound_and_loses_nothing()
    {
        var postgres = PostgresServer.Shared;
        var database = postgres.CreateDatabase();
        using var relay = new Relay(postgres.Port);
        using var folder = new Folder(Store.Sqlite);
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url, "--postgres", postgres.NetworkConnection(database, port: relay.Port));
        using var sender = server.As(TestConfig.Generic);
        await sender.AlertAsync(Alert("early"));
        var memory = server.Memory;

        relay.Stall();
        var all = Task.WhenAll(Enumerable.Range(0, Requests).Select(i => TimedAsync(sender, Alert($"slow-{i}", new string('x', BodyBytes)))));
        await Eventually.TrueAsync("not ready", async () => (await server.Admin.GetAsync("/readyz")) is { Status: 503 } ready && ready["detail"]!.Contains("has not answered"));
        Assert.Equal(200, (await server.Admin.GetAsync("/healthz")).Status);
        List<(Answer Answer, TimeSpan Took)> answers = [.. await all];
        Assert.InRange(server.Memory - memory, long.MinValue, MaxGrowth);
        relay.Resume();

        AssertHonest(answers);
        await Eventually.TrueAsync("ready again", async () => (await server.Admin.GetAsync("/readyz")).Status == 200, TimeSpan.FromMinutes(1));
        foreach (var (answer, _) in answers.Where(a => a.Answer.Status == 202))
            Assert.Equal("OpenedGroup", (await server.Admin.OutcomeAsync(answer.Receipts[0])).GetProperty("reason").GetString());
        await sender.AlertAsync(Alert("late"));
        await server.StopAsync();
        Assert.Equal(0, (await ServerBinary.RunAsync("audit", "verify", "--postgres", postgres.Connection(database))).Exit);
    }

    // Nothing is a yes while nothing is stored; what is over the bound is refused when the oldest has waited two seconds, the rest after ten.
    private static void AssertHonest(List<(Answer Answer, TimeSpan Took)> answers)
    {
        Assert.All(answers.Where(a => a.Answer.Status != 202), a => Assert.Equal((503, "Overloaded"), (a.Answer.Status, a.Answer["reason"])));
        var over = answers.Where(a => a.Answer.Text.Contains("too much waits")).ToList();
        Assert.NotEmpty(over);
        Assert.True(over.Min(a => a.Took) < TimeSpan.FromSeconds(9), $"the first was refused after {over.Min(a => a.Took)}");
        Assert.Contains(answers, a => a.Answer.Text.Contains("could not be stored in time"));
    }

    private static string Alert(string key, string more = "") => $$"""{"dedup_key":"{{key}}","title":"Problem {{key}}","severity":"critical","annotations":{"log":"{{more}}"} }""";

    private static async Task<(Answer Answer, TimeSpan Took)> TimedAsync(Api sender, string alert)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await sender.PostAsync("/integrations/generic/alerts", alert);
        return (answer, Stopwatch.GetElapsedTime(started));
    }
}
