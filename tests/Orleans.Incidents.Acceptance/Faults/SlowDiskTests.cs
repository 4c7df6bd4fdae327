using System.Diagnostics;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Faults;

/// <summary>Every sync takes longer than any sender waits; strace plays the disk.</summary>
public class SlowDiskTests
{
    private const int Requests = 60;
    private const int BodyBytes = 900_000;

    // Above the ten seconds that a request waits for its flush.
    private const string Microseconds = "14000000";

    [Fact]
    public async Task A_slow_disk_is_said_in_time_holds_no_memory_without_bound_and_loses_nothing()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url);
        using var sender = server.As(TestConfig.Generic);
        var receipt = (await sender.AlertAsync(Alert("early")))[0];
        var memory = server.Memory;
        List<(Answer Answer, TimeSpan Took)> answers;
        await using (await Strace.AttachAsync(server, "-e", "trace=fdatasync,fsync", "-e", $"inject=fdatasync,fsync:delay_enter={Microseconds}", "-o", "/dev/null"))
        {
            var all = Task.WhenAll(Enumerable.Range(0, Requests).Select(i => TimedAsync(sender, Alert($"slow-{i}", new string('x', BodyBytes)))));
            await Eventually.TrueAsync("not ready", async () => (await server.Admin.GetAsync("/readyz")) is { Status: 503 } ready && ready["detail"]!.Contains("the disk has not answered"));
            Assert.Matches(@"(?m)^incidents_journal_flush_age_seconds.* 1\d", (await server.Admin.GetAsync("/metrics")).Text);
            Assert.Equal("OpenedGroup", (await server.Admin.OutcomeAsync(receipt)).GetProperty("reason").GetString());
            answers = [.. await all];
            Assert.InRange(server.Memory - memory, long.MinValue, 600L << 20);
        }

        AssertHonest(answers);
        await Eventually.TrueAsync("ready again", async () => (await server.Admin.GetAsync("/readyz")).Status == 200);
        foreach (var (answer, _) in answers.Where(a => a.Answer.Status == 202))
            Assert.Equal("OpenedGroup", (await server.Admin.OutcomeAsync(answer.Receipts[0])).GetProperty("reason").GetString());
        Assert.InRange((await TimedAsync(sender, Alert("late"))).Took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Contains("FlushSlow", server.Errors);
        await server.StopAsync();
        folder.AssertVerifies();
    }

    // What was over the bound is refused after two seconds; what was let in is refused after ten, and nothing is a yes that waits for no sync.
    private static void AssertHonest(List<(Answer Answer, TimeSpan Took)> answers)
    {
        Assert.All(answers.Where(a => a.Answer.Status != 202), a => Assert.Equal((503, "Overloaded"), (a.Answer.Status, a.Answer["reason"])));
        var over = answers.Where(a => a.Answer.Text.Contains("too much waits for the disk")).ToList();
        var unstored = answers.Where(a => a.Answer.Text.Contains("could not be stored in time")).ToList();
        Assert.NotEmpty(over);
        Assert.NotEmpty(unstored);
        Assert.True(over.Min(a => a.Took) < TimeSpan.FromSeconds(9), $"the first was refused after {over.Min(a => a.Took)}");
        Assert.All(unstored, a => Assert.InRange(a.Took, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(45)));
    }

    private static string Alert(string key, string more = "") => $$"""{"dedup_key":"{{key}}","title":"Problem {{key}}","severity":"critical","annotations":{"log":"{{more}}"} }""";

    private static async Task<(Answer Answer, TimeSpan Took)> TimedAsync(Api sender, string alert)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await sender.PostAsync("/integrations/generic/alerts", alert);
        return (answer, Stopwatch.GetElapsedTime(started));
    }
}
