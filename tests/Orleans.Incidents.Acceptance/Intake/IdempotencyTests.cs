using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Intake;

/// <summary>A request that a sender names is taken in once, however often it comes.</summary>
public abstract class IdempotencyTests(Installation installation)
{
    private const string Body = """[{"title":"once","dedup_key":"once"},{"title":"twice","dedup_key":"twice"}]""";

    [Fact]
    public async Task A_repeated_request_gets_the_same_receipts_and_has_no_second_effect_also_after_a_restart()
    {
        var first = await SendAsync("request-1");
        var second = await SendAsync("request-1");
        await installation.RestartAsync();
        var third = await SendAsync("request-1");

        Assert.Equal(first.Receipts, second.Receipts);
        Assert.Equal(first.Receipts, third.Receipts);
        Assert.Equal(0, await RepeatsAsync(first.Receipts[0]));

        var other = await SendAsync("request-2");
        Assert.NotEqual(first.Receipts, other.Receipts);
        Assert.Equal(1, await RepeatsAsync(other.Receipts[0]));
    }

    [Theory]
    [InlineData("fewer", 1, 3)]
    [InlineData("more", 3, 1)]
    public async Task A_name_that_comes_again_with_other_alerts_gets_the_receipts_that_there_are(string key, int first, int then)
    {
        var taken = await SendAsync(key, Alerts(first));
        var again = await SendAsync(key, Alerts(then));

        Assert.Equal(taken.Receipts, again.Receipts);
        foreach (var receipt in again.Receipts)
            await installation.Server.Admin.OutcomeAsync(receipt);

        static string Alerts(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $"{{\"title\":\"named {i}\"}}"))}]";
    }

    [Fact]
    public async Task Twins_that_come_at_once_are_one_request()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SendAsync("twins", """{"title":"twins","dedup_key":"twins"}""")));

        Assert.Single(answers.Select(a => a.Receipts.Single()).Distinct());
        var outcome = await installation.Server.Admin.OutcomeAsync(answers[0].Receipts[0]);
        Assert.Equal("OpenedGroup", outcome.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_cloud_event_that_is_delivered_again_after_its_problem_ended_opens_nothing()
    {
        var opened = await SendEventAsync("one", "firing");

        // Another silo is sent the end, and may decide on it first.
        await installation.Server.Admin.OutcomeAsync(opened.Receipts[0]);
        await SendEventAsync("two", "resolved");
        var again = await SendEventAsync("one", "firing");

        Assert.Equal(opened.Receipts, again.Receipts);
        var incident = (await installation.Server.Admin.OutcomeAsync(opened.Receipts[0])).GetProperty("incident").GetString()!;
        await Eventually.TrueAsync("the incident is resolved", async () => await installation.Server.Admin.StatusAsync(incident) == "resolved");
        Assert.NotEqual(opened.Receipts, (await SendEventAsync("three", "firing")).Receipts);
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused()
    {
        var answer = await installation.Server.Admin.PostAsync("/integrations/generic/alerts", Body, ("Idempotency-Key", new string('k', 257)));

        Assert.Equal((413, "TooLarge"), (answer.Status, answer["reason"]));
    }

    private async Task<Answer> SendAsync(string key, string body = Body)
    {
        var answer = await installation.Server.Admin.PostAsync("/integrations/generic/alerts", body, ("Idempotency-Key", key));
        Assert.True(answer.Status == 202, answer.ToString());
        return answer;
    }

    private async Task<Answer> SendEventAsync(string id, string status)
    {
        using var api = installation.Server.As(TestConfig.Events);
        var answer = await api.PostAsync("/integrations/events/alerts", $$"""{"title":"Disk full","status":"{{status}}"}""",
            ("ce-specversion", "1.0"), ("ce-id", id), ("ce-source", "/disks"), ("ce-type", "disk"), ("ce-subject", "db1"));
        Assert.True(answer.Status == 202, answer.ToString());
        return answer;
    }

    private async Task<long> RepeatsAsync(string receipt)
    {
        var outcome = await installation.Server.Admin.OutcomeAsync(receipt);
        return outcome.TryGetProperty("repeat", out var repeat) ? repeat.GetProperty("of").GetInt64() : 0;
    }
}
