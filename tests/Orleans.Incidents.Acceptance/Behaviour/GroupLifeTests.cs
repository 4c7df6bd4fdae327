using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Behaviour;

/// <summary>How alerts wait, end, re-open and pile up, on the real clock.</summary>
public abstract class GroupLifeTests(Installation installation)
{
    [Fact]
    public async Task An_alert_that_is_not_sent_again_ends_by_silence_also_across_a_restart()
    {
        var before = await QuickAsync("silent-before");
        await EndsAsync(before);

        var across = await QuickAsync("silent-across");
        await installation.RestartAsync();
        await EndsAsync(across);
        var timeline = await installation.Server.Admin.GetAsync($"/api/v1/incidents/{across}/timeline");
        Assert.Contains("EndedBySilence", timeline.Text);
    }

    [Fact]
    public async Task A_group_that_waits_opens_when_the_wait_is_over()
    {
        const string alert = """{"title":"waits","dedup_key":"waits","severity":"critical","labels":{"team":"waits"}}""";
        var receipt = (await installation.Server.Admin.AlertAsync(alert))[0];
        var outcome = await installation.Server.Admin.OutcomeAsync(receipt);
        Assert.Equal("WaitsForGroup", outcome.GetProperty("reason").GetString());
        var incident = outcome.GetProperty("incident").GetString()!;

        await Eventually.TrueAsync("the incident", async () => (await installation.Server.Admin.GetAsync($"/api/v1/incidents/{incident}")).Status == 200);
        await installation.Pager.PageOfAsync(incident);

        // As the journal has it: how soon this test could look says nothing.
        var received = (await installation.Server.Admin.GetAsync($"/api/v1/receipts/{receipt}")).Json.GetProperty("receivedAt").GetDateTimeOffset();
        var opened = (await installation.Server.Admin.IncidentAsync(incident)).GetProperty("openedAt").GetDateTimeOffset();
        Assert.InRange(opened - received, TimeSpan.FromSeconds(1), TimeSpan.MaxValue);
        var timeline = (await installation.Server.Admin.GetAsync($"/api/v1/incidents/{incident}/timeline")).Json.GetProperty("items");
        Assert.Equal("group.opened", timeline[0].GetProperty("what").GetString());
    }

    [Fact]
    public async Task A_group_that_ends_inside_its_wait_opens_nothing()
    {
        var alert = """{"title":"brief","dedup_key":"brief","severity":"critical","labels":{"team":"lingers"}}""";
        var incident = await installation.Server.Admin.OpenAsync(alert);
        await installation.Server.Admin.AlertAsync(alert.Replace("\"title\"", "\"action\":\"resolve\",\"title\""));

        // A second group's wait began later and is over later.
        var later = await installation.Server.Admin.OpenAsync(alert.Replace("brief", "later"));
        await Eventually.TrueAsync("the later incident", async () => (await installation.Server.Admin.GetAsync($"/api/v1/incidents/{later}")).Status == 200);
        Assert.Equal(404, (await installation.Server.Admin.GetAsync($"/api/v1/incidents/{incident}")).Status);
    }

    [Fact]
    public async Task A_trigger_within_the_window_opens_the_incident_again_and_pages_again()
    {
        var alert = """{"title":"again","dedup_key":"again","severity":"critical","labels":{"team":"reopens"}}""";
        var incident = await installation.Server.Admin.OpenAsync(alert);
        await installation.Pager.PageOfAsync(incident);
        await installation.Server.Admin.AlertAsync(alert.Replace("\"title\"", "\"action\":\"resolve\",\"title\""));
        await installation.BecameAsync(incident, "resolved");

        var outcome = await installation.Server.Admin.OutcomeAsync((await installation.Server.Admin.AlertAsync(alert))[0]);

        Assert.Equal(("ReopenedWithinWindow", incident), (outcome.GetProperty("reason").GetString(), outcome.GetProperty("incident").GetString()));
        await installation.BecameAsync(incident, "active");
        await Eventually.TrueAsync("a second page", () => installation.Pager.Distinct(incident) == 2);
    }

    [Fact]
    public async Task Past_the_opening_budget_one_storm_incident_takes_all_and_pages_once()
    {
        using var sender = installation.Server.As(TestConfig.Generic);
        var incidents = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            var receipt = (await sender.AlertAsync($$$"""{"title":"storm {{{i}}}","dedup_key":"storm-{{{i}}}","severity":"critical","labels":{"team":"storming"}}"""))[0];
            incidents.Add((await installation.Server.Admin.OutcomeAsync(receipt)).GetProperty("incident").GetString()!);
        }

        var storm = Assert.Single(incidents.Skip(3).Distinct());
        Assert.Equal(4, incidents.Distinct().Count());
        var state = await installation.Server.Admin.IncidentAsync(storm);
        Assert.Equal(("storm", 7), (state.GetProperty("kind").GetString(), state.GetProperty("problems").GetInt32()));
        await Task.WhenAll(incidents.Distinct().Select(installation.Pager.PageOfAsync));
        Assert.All(incidents.Distinct(), i => Assert.Equal(1, installation.Pager.Distinct(i)));

        // Of two alerts of a group that come together the second is journalled between the group's opening and its joining the storm.
        static string Twin(int i) => $$$"""{"title":"twin {{{i}}}","severity":"critical","labels":{"alertname":"twins","instance":"{{{i}}}","team":"storming"}}""";
        foreach (var receipt in await sender.AlertAsync($"[{Twin(1)},{Twin(2)}]"))
            Assert.Equal(storm, (await installation.Server.Admin.OutcomeAsync(receipt)).GetProperty("incident").GetString());
    }

    private async Task<string> QuickAsync(string name)
    {
        using var quick = installation.Server.As(TestConfig.Quick);
        var answer = await quick.PostAsync("/api/v2/alerts", $$$"""[{"labels":{"alertname":"{{{name}}}","severity":"critical"}}]""");
        Assert.Equal(200, answer.Status);
        var outcome = await installation.Server.Admin.OutcomeAsync(answer.Headers.GetValues("Incidents-Receipt").Single());
        return outcome.GetProperty("incident").GetString()!;
    }

    private Task EndsAsync(string incident) =>
        Eventually.TrueAsync("the end by silence", async () => await installation.Server.Admin.StatusAsync(incident) == "resolved");
}
