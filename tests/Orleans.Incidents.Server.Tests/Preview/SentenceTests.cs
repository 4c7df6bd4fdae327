using Incidents.Incidents;
using Incidents.Testing;

namespace Incidents.Server.Tests.Preview;

/// <summary>What a preview says of one alert, in every case that people meet.</summary>
public sealed class SentenceTests : IAsyncLifetime
{
    private const string Disk = """{"title":"Disk full","dedup_key":"disk","severity":"critical"}""";

    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_new_problem_opens_and_pages_by_the_policy()
    {
        var would = await _bench.WouldAsync(Disk);
        Assert.Equal(
            "opens a new incident on service shop (critical ≥ page_from error); pages alice by console at once, then bob by console+console and carol (not reached: no contact) after 5m without an acknowledgement, and after 15m nobody is left to page",
            would.Text);
        Assert.Equal(("OpenedPaging", true, null, "shop"), (would.Reason, would.Opens, would.Incident, would.Service));
        Assert.Equal(["alice 0", "bob 1", "carol 1 no contact"], would.Pages.Select(p => $"{p.Responder} {p.Step} {p.Unreached}".TrimEnd()));
        Assert.Contains(would.Decisions, d => d.Actor == "incident/new" && d.Events.Contains("incident.opened"));
    }

    [Fact]
    public async Task What_is_not_page_worthy_waits_in_triage()
    {
        var would = await _bench.WouldAsync("""{"title":"Slow","severity":"warning","labels":{"team":"careful"}}""");
        Assert.Equal("opens a new incident on service careful in triage, which pages nobody (warning < page_from critical)", would.Text);
        Assert.Equal("OpenedInTriage", would.Reason);
    }

    [Fact]
    public async Task A_policy_that_reaches_nobody_or_begins_again_says_so()
    {
        Assert.EndsWith("pages carol (not reached: no contact) at once, and nobody is left to page", (await _bench.WouldAsync("""{"title":"a","severity":"error","labels":{"team":"silent"}}""")).Text);
        Assert.Contains("pages alice by console at once, then from the first step again after 5m, 2 more rounds", (await _bench.WouldAsync("""{"title":"a","severity":"error","labels":{"team":"stormy"}}""")).Text);
    }

    [Fact]
    public async Task A_repeat_is_counted_and_the_incident_stands_as_it_stood()
    {
        var incident = await OpenAsync(Disk);
        _bench.Clock.Now += TimeSpan.FromMinutes(3);
        var would = await _bench.WouldAsync(Disk);
        Assert.Equal($"repeats what incident {incident} holds already: it is counted and changes nothing; it has been active for 3m at critical, step 1 of 2 is paged and nobody has acknowledged", would.Text);
        Assert.Equal(("Repeated", incident, false), (would.Reason, would.Incident, would.Opens));
        await _bench.ActAsync(incident, new AcknowledgeIncident());
        Assert.EndsWith("at critical, acknowledged by olga for 30m more", (await _bench.WouldAsync(Disk)).Text);
    }

    [Fact]
    public async Task A_further_alert_joins_and_a_more_urgent_one_raises()
    {
        var first = """{"title":"x","severity":"warning","labels":{"alertname":"Slow","team":"careful","host":"1"}}""";
        var incident = await OpenAsync(first);
        var joins = await _bench.WouldAsync(first.Replace("\"1\"", "\"2\""));
        Assert.StartsWith($"joins incident {incident} as alert 2 of its group; nobody is paged anew; it has been in triage for 0s at warning and pages nobody", joins.Text);
        var raises = await _bench.WouldAsync(first.Replace("\"1\"", "\"2\"").Replace("warning", "critical"));
        Assert.StartsWith($"joins incident {incident} as alert 2 of its group; raises its severity from warning to critical; pages alice by console at once", raises.Text);
        Assert.Equal(("JoinedGroup", incident), (raises.Reason, raises.Incident));
        Assert.StartsWith($"changes what incident {incident} knows of the alert: warning → error", (await _bench.WouldAsync(first.Replace("warning", "error"))).Text);
    }

    [Fact]
    public async Task A_resolve_ends_one_alert_or_the_incident_or_nothing()
    {
        const string one = """{"title":"x","severity":"error","labels":{"alertname":"Down","host":"1"}}""";
        static string Ended(string alert) => alert.Replace("{\"title\"", "{\"action\":\"resolve\",\"title\"");
        Assert.Equal("changes nothing: a resolve opens nothing, and no group is open for it, nor ever was", (await _bench.WouldAsync(Ended(one))).Text);
        var incident = await OpenAsync(one);
        Assert.StartsWith($"changes nothing: a resolve opens nothing, and no alert with this key fires: its group is open in incident {incident} with 1 other alert firing", (await _bench.WouldAsync(Ended(one).Replace("\"1\"", "\"2\""))).Text);
        var last = await _bench.WouldAsync(Ended(one));
        Assert.StartsWith($"resolves incident {incident}: its last alert ends", last.Text);
        Assert.Equal("AllAlertsEnded", last.Reason);
        await _bench.SendAsync(one.Replace("\"1\"", "\"2\""));
        Assert.StartsWith($"ends this alert; 1 other of its group still fires, so incident {incident} stays open", (await _bench.WouldAsync(Ended(one))).Text);
        await _bench.SendAsync($"[{Ended(one)},{Ended(one).Replace("\"1\"", "\"2\"")}]");
        _bench.Clock.Now += TimeSpan.FromSeconds(40);
        Assert.StartsWith($"changes nothing: a resolve opens nothing, and its group is not open: it ended 40s ago with incident {incident}", (await _bench.WouldAsync(Ended(one))).Text);
        Assert.Equal("NothingOpen", (await _bench.WouldAsync(Ended(one))).Reason);
    }

    [Fact]
    public async Task An_acknowledgement_from_the_source_stops_escalation_but_not_a_storms()
    {
        var incident = await OpenAsync(Disk);
        var acknowledge = Disk.Replace("{\"title\"", "{\"action\":\"acknowledge\",\"title\"");
        Assert.StartsWith($"acknowledges incident {incident} for 30m: its escalation stops", (await _bench.WouldAsync(acknowledge)).Text);
        await _bench.SendAsync(acknowledge);
        Assert.StartsWith($"changes nothing: incident {incident} is acknowledged already", (await _bench.WouldAsync(acknowledge)).Text);

        string storm = "";
        for (var i = 0; i < 4; i++)
            storm = await OpenAsync(Stormy(i));
        Assert.StartsWith($"does not acknowledge incident {storm}: it holds 2 problems, and one of them taken on must not silence the others", (await _bench.WouldAsync(Stormy(3).Replace("{\"title\"", "{\"action\":\"acknowledge\",\"title\""))).Text);
    }

    [Fact]
    public async Task Past_the_opening_budget_problems_join_the_storm_and_it_says_whose_budget()
    {
        await _bench.SendAsync(Stormy(0));
        Assert.Contains("integration-generic may then open no more on service stormy before its problems join a storm (2/1h burst 2)", (await _bench.WouldAsync(Stormy(1))).Text);
        await _bench.SendAsync(Stormy(1));
        var begins = await _bench.WouldAsync(Stormy(2));
        Assert.StartsWith("integration-generic has used its opening budget on service stormy (2/1h burst 2), so a storm begins; opens a storm incident on service stormy (error ≥ page_from error); pages alice", begins.Text);
        Assert.Equal("StormBegan", begins.Reason);
        var storm = await OpenAsync(Stormy(2));
        var joins = await _bench.WouldAsync(Stormy(3));
        Assert.StartsWith($"joins the storm, incident {storm}: integration-generic has used its opening budget on service stormy (2/1h burst 2)", joins.Text);
        Assert.Equal(("JoinedStorm", storm), (joins.Reason, joins.Incident));
    }

    [Fact]
    public async Task Past_the_opening_budget_critical_problems_have_a_reserve_and_then_join_the_storm()
    {
        static string Critical(int i) => Stormy(i).Replace("error", "critical", StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            await _bench.SendAsync(Stormy(i));
        var opens = await _bench.WouldAsync(Critical(3));
        Assert.StartsWith("integration-generic has used its opening budget on service stormy (2/1h burst 2), but the problem is critical: the critical_reserve (1/1h burst 1) allows it an incident of its own; opens a new incident on service stormy (critical ≥ page_from error); pages alice", opens.Text);
        Assert.Equal(("OpenedFromReserve", true), (opens.Reason, opens.Opens));
        Assert.NotEqual(await OpenAsync(Stormy(2)), await OpenAsync(Critical(3)));
        var joins = await _bench.WouldAsync(Critical(4));
        Assert.StartsWith($"joins the storm, incident {joins.Incident}: integration-generic has used its opening budget on service stormy (2/1h burst 2) and its critical_reserve (1/1h burst 1)", joins.Text);
        Assert.Equal("ReserveSpent", joins.Reason);
    }

    [Fact]
    public async Task A_storm_that_outgrows_its_acknowledgement_says_whom_it_pages_again()
    {
        string storm = "";
        for (var i = 0; i < 3; i++)
            storm = await OpenAsync(Stormy(i));
        await _bench.ActAsync(storm, new AcknowledgeIncident());
        for (var i = 3; i < 13; i++)
            Assert.Equal(storm, await OpenAsync(Stormy(i)));
        Assert.Contains($"takes back the acknowledgement of incident {storm} by olga: it held 1 problem then and holds 12 now; pages alice by console at once", (await _bench.WouldAsync(Stormy(13))).Text);
    }

    [Fact]
    public async Task A_group_that_waits_tells_what_follows_the_wait()
    {
        const string alert = """{"title":"x","severity":"error","labels":{"team":"waits","host":"1"}}""";
        var would = await _bench.WouldAsync(alert);
        Assert.StartsWith("waits 30s for the rest of its group (group_wait); then opens a new incident on service shop (error ≥ page_from error); pages alice by console at once", would.Text);
        Assert.Equal(("WaitsForGroup", true), (would.Reason, would.Opens));
        await _bench.SendAsync(alert);
        Assert.Equal("ends its group inside group_wait: no incident was opened, and none will be", (await _bench.WouldAsync(alert.Replace("{\"title\"", "{\"action\":\"resolve\",\"title\""))).Text);
    }

    [Fact]
    public async Task Within_the_window_the_incident_opens_again_unless_it_is_closed()
    {
        const string alert = """{"title":"x","dedup_key":"x","severity":"error","labels":{"team":"reopens"}}""";
        var incident = await OpenAsync(alert);
        await _bench.SendAsync(alert.Replace("{\"title\"", "{\"action\":\"resolve\",\"title\""));
        _bench.Clock.Now += TimeSpan.FromMinutes(10);
        Assert.StartsWith($"opens incident {incident} again, which was resolved 10m ago (reopen_window 1h) (error ≥ page_from error); pages alice by console at once", (await _bench.WouldAsync(alert)).Text);
        await _bench.ActAsync(incident, new CloseIncident());
        Assert.StartsWith($"incident {incident} is closed for good, so the problem gets one of its own; opens a new incident on service shop", (await _bench.WouldAsync(alert)).Text);
    }

    [Fact]
    public async Task Below_its_threshold_a_group_has_no_incident_unless_an_alert_is_urgent()
    {
        const string alert = """{"title":"x","severity":"error","labels":{"team":"counts","host":"1"}}""";
        var first = await _bench.WouldAsync(alert);
        Assert.Equal("is counted, 1 of 3 within 10m (open_after): there is no incident yet, and nobody is paged; from critical on there would be one at once", first.Text);
        Assert.Equal(("CountedBelowThreshold", false), (first.Reason, first.Opens));
        Assert.StartsWith("is too urgent to wait until its group has fired 3 times (open_at_once_from critical); opens a new incident on service shop", (await _bench.WouldAsync(alert.Replace("error", "critical"))).Text);
        await _bench.SendAsync(alert);
        Assert.StartsWith("is counted, 2 of 3", (await _bench.WouldAsync(alert)).Text);
        await _bench.SendAsync(alert);
        Assert.StartsWith("is the last of 3 within 10m that its group needs (open_after); opens a new incident on service shop (error ≥ page_from error); pages alice", (await _bench.WouldAsync(alert)).Text);
        Assert.StartsWith("ends its group below its threshold (open_after)", (await _bench.WouldAsync(alert.Replace("{\"title\"", "{\"action\":\"resolve\",\"title\""))).Text);
    }

    [Fact]
    public async Task A_muted_alert_says_until_when_and_what_follows_then()
    {
        const string alert = """{"title":"x","severity":"error","labels":{"team":"muted"}}""";
        const string muted = "is muted until 2026-03-01T12:30:00Z by interval noon: there is no incident and nobody is paged until then; what still fires gets its incident at once";
        var would = await _bench.WouldAsync(alert);
        Assert.StartsWith($"{muted}; then opens a new incident on service shop (error ≥ page_from error); pages alice", would.Text);
        Assert.Equal(("MutedByInterval", true), (would.Reason, would.Opens));
        Assert.Equal("muted until 2026-03-01T12:30:00Z by interval noon", (await _bench.PreviewAsync(alert)).Routes.Single(r => r.Matches).Muted);
        await _bench.SendAsync(alert);
        Assert.Equal("ends its group while that is muted: no incident was opened, and none will be", (await _bench.WouldAsync(alert.Replace("{\"title\"", "{\"action\":\"resolve\",\"title\""))).Text);
        _bench.Clock.Now += TimeSpan.FromHours(1);
        await Eventually.TrueAsync("the incident", async () => (await _bench.WouldAsync(alert)).Text.StartsWith("repeats what incident", StringComparison.Ordinal));
        Assert.Null((await _bench.PreviewAsync(alert)).Routes.Single(r => r.Matches).Muted);
    }

    [Fact]
    public async Task A_group_that_flaps_is_held_open_and_says_so()
    {
        var resolve = Disk.Replace("{\"title\"", "{\"action\":\"resolve\",\"title\"");
        for (var i = 0; i < 3; i++)
        {
            await _bench.SendAsync(Disk);
            await _bench.SendAsync(resolve);
        }

        Assert.Contains("its group flaps from here on, because it began to fire 4 times within 15m: its end is held back until nothing has fired for as long", (await _bench.WouldAsync(Disk)).Text);
        var incident = await OpenAsync(Disk);
        Assert.StartsWith($"ends this alert, but its group flaps: incident {incident} stays open until nothing has fired for 15m", (await _bench.WouldAsync(resolve)).Text);
        await _bench.SendAsync(resolve);
        _bench.Clock.Now += TimeSpan.FromSeconds(30);
        Assert.StartsWith($"fires again in a group that flaps, which did so 5 times in 30s: it is counted in incident {incident}, and is no new incident and no page; it has been active", (await _bench.WouldAsync(Disk)).Text);
    }

    [Fact]
    public async Task Alerts_of_one_request_are_decided_one_behind_the_other()
    {
        var answer = await _bench.PreviewAsync($"[{Disk},{Disk},{Disk.Replace("{\"title\"", "{\"action\":\"resolve\",\"title\"")}]");
        Assert.Equal(["OpenedPaging", "Repeated", "ResolvedBySource"], answer.WouldDo.Select(w => w.Decisions[0].Reason == "OpenedGroup" ? w.Reason : w.Decisions[0].Reason));
        Assert.StartsWith("repeats what the incident that alert 0 opens holds already", answer.WouldDo[1].Text);
    }

    [Fact]
    public async Task An_alert_that_two_routes_take_is_told_of_twice_also_with_a_key()
    {
        const string both = """{"title":"x","severity":"error","labels":{"team":"both"}}""";
        Assert.Equal(["careful", "shop"], (await _bench.PreviewAsync(both)).WouldDo.Select(w => w.Service));
        var keyed = both.Replace("{\"title\"", "{\"dedup_key\":\"k\",\"title\"");
        var triggers = await _bench.PreviewAsync(keyed);
        Assert.Equal([("careful", true), ("shop", true)], triggers.WouldDo.Select(w => (w.Service, w.Opens)));
        Assert.Equal(2, triggers.WouldDo.Select(w => w.Group).Distinct().Count());
        Assert.Single(await _bench.SendAsync(keyed));

        // The key is all that later signals need.
        var resolve = """{"action":"resolve","dedup_key":"k"}""";
        var resolves = await _bench.WouldAsync(resolve);
        Assert.Equal(2, resolves.Text.Split("resolves incident").Length - 1);
        await _bench.SendAsync(resolve);
        Assert.StartsWith("changes nothing: a resolve opens nothing", (await _bench.WouldAsync(resolve)).Text);
    }

    [Fact]
    public async Task An_alert_that_ends_by_silence_says_when_and_has_what_its_integration_adds()
    {
        var answer = await _bench.PreviewAsync("""[{"labels":{"alertname":"Up","severity":"page"}}]""", "prom");
        Assert.EndsWith("it ends by itself unless it is sent again within 5m", answer.WouldDo[0].Text);
        Assert.Equal(("critical", "eu"), (answer.Alerts[0].Severity, answer.Alerts[0].Labels["region"]));
        Assert.Equal(("prom", "integration-prom"), (answer.Context.Integration, answer.Context.Identity));
    }

    private static string Stormy(int i) => $$$"""{"title":"s{{{i}}}","dedup_key":"s{{{i}}}","severity":"error","labels":{"team":"stormy"}}""";

    // Sends an alert and answers with the incident that it belongs to then.
    private async Task<string> OpenAsync(string alert)
    {
        await _bench.SendAsync(alert);
        return (await _bench.WouldAsync(alert)).Incident!;
    }
}
