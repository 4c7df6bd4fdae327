using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Complaints;

/// <summary>What senders and people complained of elsewhere, tried on the real server.</summary>
public abstract class SenderComplaintTests(Installation installation)
{
    /// <summary>prometheus/alertmanager #2222 (also #4108, #1005, #4152): two monitors, or one that retries, page twice.</summary>
    [Fact]
    public async Task The_same_alerts_from_two_monitors_across_a_restart_never_page_twice()
    {
        static string Alert(int i) => $$$"""{"title":"doubled {{{i}}}","dedup_key":"doubled-{{{i}}}","severity":"critical"}""";
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => installation.Server.Admin.AlertAsync(Alert(i % 20))));
        await installation.RestartAsync();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 60).Reverse().Select(i => installation.Server.Admin.AlertAsync(Alert(i % 20))));

        var incidents = new HashSet<string>();
        foreach (var receipt in receipts)
            incidents.Add((await installation.Server.Admin.OutcomeAsync(receipt[0])).GetProperty("incident").GetString()!);
        Assert.Equal(20, incidents.Count);
        await Task.WhenAll(incidents.Select(installation.Pager.PageOfAsync));
        Assert.All(incidents, i => Assert.Equal(1, installation.Pager.Distinct(i)));
        var seen = (await Task.WhenAll(incidents.Select(installation.Server.Admin.IncidentAsync))).Max(i => i.GetProperty("position").GetInt64());
        Assert.Equal(20, (await installation.Server.Admin.IncidentsAsync(after: seen)).Count(i => i.GetProperty("title").GetString()!.StartsWith("doubled", StringComparison.Ordinal)));
    }

    /// <summary>grafana/oncall #1420 and PR #4108: nobody can tell who was limited, by what, or what was lost; and it counted against everybody.</summary>
    [Fact]
    public async Task A_refusal_for_speed_is_no_riddle_and_costs_no_neighbour_anything()
    {
        // Of one of the silos: each counts for itself.
        var server = installation.Server;
        using var rash = server.As(TestConfig.Rash);
        using var neighbour = server.As(TestConfig.Neighbour);
        for (var i = 0; i < 2; i++)
            await rash.AlertAsync($$"""{"title":"fast {{i}}"}""", "rash");
        var refused = new List<Answer>();
        for (var i = 0; i < 20; i++)
            refused.Add(await rash.PostAsync("/integrations/rash/alerts", """{"title":"too fast"}"""));

        Assert.All(refused, r => Assert.Equal((429, "OverRequestBudget", "heedless", "/api/v1/refused?identity=heedless"), (r.Status, r["reason"], r["identity"], r["ledger"])));
        var limit = refused[0].Json.GetProperty("limit");
        Assert.Equal((2, 3600.0, 2), (limit.GetProperty("requests").GetInt32(), limit.GetProperty("windowSeconds").GetDouble(), limit.GetProperty("burst").GetInt32()));

        // What was refused is not charged: the wait gets shorter, not longer.
        double[] waits = [.. refused.Select(r => r.Json.GetProperty("retryAfterSeconds").GetDouble())];
        Assert.InRange(waits[^1], 1, waits[0]);
        for (var i = 0; i < 2; i++)
            await neighbour.AlertAsync($$"""{"title":"calm {{i}}"}""", "neighbour");

        // Whoever was refused can read in the ledger how often, and nobody else's.
        await Eventually.TrueAsync("the ledger", async () => Count(await rash.GetAsync(refused[0]["ledger"]!)) >= 20);
        Assert.All((await rash.GetAsync("/api/v1/refused")).Json.GetProperty("items").EnumerateArray(), r => Assert.Equal("heedless", r.GetProperty("identity").GetString()));
        Assert.Equal(403, (await neighbour.GetAsync(refused[0]["ledger"]!)).Status);
    }

    /// <summary>grafana/oncall #4998 (also #5091, #4074): alert groups come back under a new id after retries or when they fire again.</summary>
    [Fact]
    public async Task What_is_sent_again_never_comes_back_under_a_new_id()
    {
        const string alert = """{"title":"same","dedup_key":"same","severity":"critical","labels":{"team":"reopens"}}""";
        var delivery = ("Idempotency-Key", "delivery-1");
        var first = await installation.Server.Admin.PostAsync("/integrations/generic/alerts", alert, delivery);
        var incident = (await installation.Server.Admin.OutcomeAsync(first.Receipts[0])).GetProperty("incident").GetString()!;
        Assert.Equal(incident, await installation.Server.Admin.OpenAsync(alert));
        await installation.RestartAsync();
        Assert.Equal(incident, await installation.Server.Admin.OpenAsync(alert));
        await installation.Server.Admin.AlertAsync("""{"action":"resolve","title":"same","dedup_key":"same"}""");
        await installation.BecameAsync(incident, "resolved");

        // The first delivery comes once more, late: it is the past and opens nothing.
        Assert.Equal(first.Receipts, (await installation.Server.Admin.PostAsync("/integrations/generic/alerts", alert, delivery)).Receipts);
        Assert.Equal("resolved", await installation.Server.Admin.StatusAsync(incident));

        // It fires again within its route's window.
        Assert.Equal(incident, await installation.Server.Admin.OpenAsync(alert));
        await installation.BecameAsync(incident, "active");
    }

    /// <summary>grafana/oncall #3161: acknowledging an alert while it is being resolved unresolves it.</summary>
    [Fact]
    public async Task An_acknowledgement_that_races_with_a_resolve_never_undoes_it()
    {
        for (var round = 0; round < 15; round++)
        {
            var incident = await installation.Server.Admin.OpenAsync($$$"""{"title":"race","dedup_key":"race-{{{round}}}","severity":"critical"}""");
            Task<Answer>[] racing =
            [
                installation.Server.Admin.PostAsync($"/api/v1/incidents/{incident}/acknowledge"),
                round % 2 == 0
                    ? installation.Server.Admin.PostAsync($"/api/v1/incidents/{incident}/resolve")
                    : installation.Server.Admin.PostAsync("/integrations/generic/alerts", $$$"""{"action":"resolve","title":"race","dedup_key":"race-{{{round}}}"}"""),
                installation.Server.Admin.PostAsync($"/api/v1/incidents/{incident}/acknowledge"),
            ];
            await Task.WhenAll(racing);

            await installation.BecameAsync(incident, "resolved");
            Assert.Equal(409, (await installation.Server.Admin.PostAsync($"/api/v1/incidents/{incident}/acknowledge")).Status);
            var timeline = (await installation.Server.Admin.GetAsync($"/api/v1/incidents/{incident}/timeline")).Json.GetProperty("items").EnumerateArray();
            Assert.DoesNotContain(timeline.Select(t => t.GetProperty("what").GetString()).SkipWhile(w => w != "incident.resolved"), w => w == "incident.acknowledged");
        }
    }

    /// <summary>target/goalert #2869 and #3224: alerts vanish at a limit that nobody sees.</summary>
    [Fact]
    public async Task Nothing_vanishes_at_a_limit_unseen()
    {
        using var sender = installation.Server.As(TestConfig.Generic);
        var receipts = new List<string>();
        for (var i = 0; i < 10; i++)
            receipts.AddRange(await sender.AlertAsync($$$"""{"title":"seen {{{i}}}","dedup_key":"seen-{{{i}}}","severity":"critical","labels":{"team":"flooded"}}"""));
        await Task.WhenAll(receipts.Select(installation.Server.Admin.OutcomeAsync));
        Assert.Equal(400, (await sender.PostAsync("/integrations/generic/alerts", """{"severity":"critical"}""")).Status);

        var velocity = (await installation.Server.Admin.GetAsync("/api/v1/velocity")).Json.GetProperty("items").EnumerateArray().Single(s => s.GetProperty("service").GetString() == "flooded");
        var identity = Assert.Single(velocity.GetProperty("identities").EnumerateArray());
        Assert.Equal(("integration-generic", 0, 7), (identity.GetProperty("identity").GetString(), identity.GetProperty("openingsLeft").GetInt32(), identity.GetProperty("inStorm").GetInt32()));
        var storm = velocity.GetProperty("storm");
        Assert.Equal(7, storm.GetProperty("problems").GetInt32());
        Assert.Equal(7, (await installation.Server.Admin.IncidentAsync(storm.GetProperty("incident").GetString()!)).GetProperty("problems").GetInt32());
        await Eventually.TrueAsync("the ledger", async () =>
            (await installation.Server.Admin.GetAsync("/api/v1/refused?identity=integration-generic&integration=generic")).Text.Contains("MissingField", StringComparison.Ordinal));
    }

    /// <summary>keephq/keep #2481 and #3418: a resolved incident swallows live alerts, and a resolve makes an incident.</summary>
    [Fact]
    public async Task A_resolved_incident_swallows_no_live_alert_and_a_resolve_opens_nothing()
    {
        const string alert = """{"title":"ended","dedup_key":"ended","severity":"critical"}""";
        var ended = await installation.Server.Admin.OpenAsync(alert);
        await installation.Server.Admin.PostAsync($"/api/v1/incidents/{ended}/resolve");

        // What the silo of its group takes in before it has heard of the end is the old problem's.
        await installation.HeardAsync("the end", async () => (await installation.Server.Admin.GetAsync($"/api/v1/incidents/{ended}/timeline")).Text.Contains("\"group.ended\"", StringComparison.Ordinal));
        var live = await installation.Server.Admin.OpenAsync(alert);
        Assert.NotEqual(ended, live);
        Assert.Equal("active", await installation.Server.Admin.StatusAsync(live));
        Assert.Equal(("resolved", 1), (await installation.Server.Admin.StatusAsync(ended), (await installation.Server.Admin.IncidentAsync(ended)).GetProperty("problems").GetInt32()));
        await installation.Pager.PageOfAsync(live);

        var nothing = await installation.Server.Admin.OutcomeAsync((await installation.Server.Admin.AlertAsync("""{"action":"resolve","title":"never","dedup_key":"never"}"""))[0]);
        Assert.Equal("NothingOpen", nothing.GetProperty("reason").GetString());
        Assert.DoesNotContain(await installation.Server.Admin.IncidentsAsync(), i => i.GetProperty("title").GetString() == "never");
    }

    private static long Count(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.ToString());
        return answer.Json.GetProperty("items").EnumerateArray().Where(r => r.GetProperty("reason").GetString() == "OverRequestBudget").Sum(r => r.GetProperty("count").GetInt64());
    }
}
