using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Behaviour;

/// <summary>What people do with an incident, and what they may not.</summary>
public abstract class ActionTests(Installation installation)
{
    private Api Admin => installation.Server.Admin;

    [Fact]
    public async Task An_acknowledgement_names_who_gave_it_and_a_second_takes_it_from_nobody()
    {
        using var olga = installation.Server.As(TestConfig.Operator);
        using var robot = installation.Server.As(TestConfig.Robot);
        var incident = await OpenAsync("ack");

        Assert.Equal("Acknowledged True", await DoAsync(olga, incident, "acknowledge"));
        Assert.Equal("AlreadyAcknowledged False", await DoAsync(robot, incident, "acknowledge"));
        Assert.Equal("AcknowledgementRenewed True", await DoAsync(Admin, incident, "acknowledge"));
        Assert.Equal("olga", (await Admin.IncidentAsync(incident)).GetProperty("acknowledgedBy").GetString());
    }

    [Fact]
    public async Task A_note_under_the_same_request_id_is_written_once()
    {
        var incident = await OpenAsync("once");
        var reasons = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await Admin.PostAsync($"/api/v1/incidents/{incident}/note", """{"text":"seen it"}""", ("Idempotency-Key", "note-1"));
            reasons.Add(JsonDocument.Parse(answer.Text).RootElement.GetProperty("reason").GetString()!);
        }

        Assert.Equal(["Noted", "DoneBefore"], reasons);
    }

    [Fact]
    public async Task What_was_refused_under_a_request_id_is_not_said_to_have_been_done()
    {
        var incident = await OpenAsync("refused");
        Task<Answer> CloseAsync() => Admin.PostAsync($"/api/v1/incidents/{incident}/close", "", ("Idempotency-Key", "close-1"));

        var (first, again) = (await CloseAsync(), await CloseAsync());
        await Admin.PostAsync($"/api/v1/incidents/{incident}/resolve", "");
        var atLast = await CloseAsync();

        Assert.Equal((409, "ResolveFirst"), (first.Status, first["reason"]));
        Assert.Equal((409, "ResolveFirst"), (again.Status, again["reason"]));
        Assert.Equal((200, "Closed"), (atLast.Status, atLast["reason"]));
    }

    [Fact]
    public async Task Whoever_says_what_they_saw_acts_on_that_or_not_at_all()
    {
        var incident = await OpenAsync("seen");
        await Eventually.TrueAsync("the page is reported", async () => (await TimelineAsync(incident)).Exists(i => What(i) == "incident.page-reported"));
        var seen = (await Admin.GetAsync($"/api/v1/incidents/{incident}")).Headers.ETag!.Tag;

        var first = await Admin.PostAsync($"/api/v1/incidents/{incident}/acknowledge", "", ("If-Match", seen), ("Idempotency-Key", "seen-1"));
        var late = await Admin.PostAsync($"/api/v1/incidents/{incident}/resolve", "", ("If-Match", seen), ("Idempotency-Key", "seen-2"));
        var again = await Admin.PostAsync($"/api/v1/incidents/{incident}/acknowledge", "", ("If-Match", seen), ("Idempotency-Key", "seen-1"));

        Assert.Equal((200, "Acknowledged"), (first.Status, first["reason"]));
        Assert.Equal((412, "ChangedMeanwhile", "active"), (late.Status, late["reason"], await Admin.StatusAsync(incident)));
        Assert.Equal((200, "DoneBefore"), (again.Status, again["reason"]));
        var informed = await Admin.PostAsync($"/api/v1/incidents/{incident}/resolve", "", ("If-Match", late.Headers.ETag!.Tag), ("Idempotency-Key", "seen-2"));
        Assert.Equal((200, "Resolved"), (informed.Status, informed["reason"]));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"7\", \"8\"")]
    [InlineData("W/\"7\"")]
    [InlineData("\"\"")]
    [InlineData("\"-1\"")]
    public async Task A_precondition_that_names_no_version_is_refused(string ifMatch)
    {
        var answer = await Admin.PostAsync($"/api/v1/incidents/{await OpenAsync($"tag {ifMatch}")}/resolve", "", ("If-Match", ifMatch));

        Assert.Equal((400, "InvalidValue"), (answer.Status, answer["reason"]));
    }

    [Fact]
    public async Task A_precondition_on_an_incident_that_is_not_there_is_not_found()
    {
        var answer = await Admin.PostAsync($"/api/v1/incidents/{new string('0', 26)}/resolve", "", ("If-Match", "\"1\""));

        Assert.Equal((404, "NoSuchIncident"), (answer.Status, answer["reason"]));
    }

    [Fact]
    public async Task A_raised_severity_pages_from_triage()
    {
        var incident = await Admin.OpenAsync("""{"title":"quiet","severity":"warning","labels":{"team":"warned"}}""");
        Assert.Equal("triage", await Admin.StatusAsync(incident));

        Assert.Equal("SeverityChanged True", await DoAsync(Admin, incident, "severity", """{"severity":"critical"}"""));

        Assert.Equal("active", await Admin.StatusAsync(incident));
        Assert.Equal("critical", (await installation.Pager.PageOfAsync(incident)).Severity);
    }

    [Fact]
    public async Task An_incident_is_resolved_reopened_and_closed_only_when_resolved()
    {
        var incident = await OpenAsync("life");

        Assert.Equal("409 ResolveFirst", await DoAsync(Admin, incident, "close"));
        Assert.Equal("409 IncidentAlreadyOpen", await DoAsync(Admin, incident, "reopen"));
        Assert.Equal("Resolved True", await DoAsync(Admin, incident, "resolve"));
        Assert.Equal("409 IncidentEnded", await DoAsync(Admin, incident, "acknowledge"));
        Assert.Equal("Reopened True", await DoAsync(Admin, incident, "reopen"));
        Assert.Equal("active", await Admin.StatusAsync(incident));
        Assert.Equal("Resolved True", await DoAsync(Admin, incident, "resolve"));
        Assert.Equal("Closed True", await DoAsync(Admin, incident, "close"));
        Assert.Equal("409 ClosedStaysClosed", await DoAsync(Admin, incident, "reopen"));
        Assert.Equal("closed", await Admin.StatusAsync(incident));
    }

    [Fact]
    public async Task Only_a_human_closes()
    {
        using var robot = installation.Server.As(TestConfig.Robot);
        var incident = await OpenAsync("robot");
        Assert.Equal("Resolved True", await DoAsync(robot, incident, "resolve"));

        Assert.Equal("403 ClosingNeedsAHuman", await DoAsync(robot, incident, "close"));
        Assert.Equal("Closed True", await DoAsync(Admin, incident, "close"));
    }

    [Fact]
    public async Task Notes_are_kept_in_order()
    {
        var incident = await OpenAsync("noted");

        await Admin.PostAsync($"/api/v1/incidents/{incident}/note", """{"text":"first note"}""");
        await Admin.PostAsync($"/api/v1/incidents/{incident}/note", """{"text":"second note"}""");

        var notes = (await TimelineAsync(incident)).Where(i => i.GetProperty("what").GetString() == "incident.note-added").ToList();
        Assert.Equal(["first note", "second note"], notes.Select(n => n.GetProperty("data").GetProperty("text").GetString()!));
    }

    [Fact]
    public async Task The_timeline_tells_the_whole_story_in_order()
    {
        var incident = await OpenAsync("story");
        await installation.Pager.PageOfAsync(incident);
        await DoAsync(Admin, incident, "acknowledge");
        await DoAsync(Admin, incident, "resolve");

        var story = await Eventually.GetAsync("the page is reported", async () =>
            (await TimelineAsync(incident)) is var items && items.Exists(i => What(i) == "incident.page-reported") ? items : null);

        Assert.Superset(
            new HashSet<string> { "group.opened", "incident.opened", "incident.step-paged", "page.attempt-started", "page.delivered", "incident.acknowledged", "incident.resolved" },
            story.Select(What).ToHashSet());
        Assert.All(story.GroupBy(i => i.GetProperty("of").GetString()), of => Assert.Equal(of.Select(At).Order(), of.Select(At)));

        // The order is the journal's, the times are those of whoever decided: of several silos they need not agree to the millisecond.
        if (!installation.IsCluster)
            Assert.Equal(story.Select(At).Order(), story.Select(At));
        Assert.Equal("group.opened", What(story[0]));
    }

    [Theory]
    [InlineData("severity", "", 400, "MissingField")]
    [InlineData("severity", """{"severity":"odd"}""", 400, "InvalidValue")]
    [InlineData("severity", """{"severity":7}""", 400, "WrongType")]
    [InlineData("note", "{", 400, "Malformed")]
    [InlineData("note", "[]", 400, "WrongType")]
    [InlineData("note", """{"text":"  "}""", 400, "MissingField")]
    public async Task A_bad_action_is_refused_for_a_named_reason(string action, string body, int status, string reason)
    {
        var answer = await Admin.PostAsync($"/api/v1/incidents/{await OpenAsync($"bad {action} {body.Length}")}/{action}", body);

        Assert.Equal((status, reason, "application/problem+json"), (answer.Status, answer["reason"], answer.MediaType));
    }

    [Fact]
    public async Task A_note_that_is_too_long_is_refused()
    {
        var answer = await Admin.PostAsync($"/api/v1/incidents/{await OpenAsync("long note")}/note", "{\"text\":\"" + new string('x', 10_001) + "\"}");

        Assert.Equal((413, "TooLarge"), (answer.Status, answer["reason"]));
    }

    private Task<string> OpenAsync(string title) => Admin.OpenAsync(JsonSerializer.Serialize(new { title = $"action {title}", severity = "critical" }));

    private async Task<List<JsonElement>> TimelineAsync(string incident) =>
        [.. (await Admin.GetAsync($"/api/v1/incidents/{incident}/timeline")).Json.GetProperty("items").EnumerateArray()];

    private static async Task<string> DoAsync(Api api, string incident, string action, string body = "")
    {
        var answer = await api.PostAsync($"/api/v1/incidents/{incident}/{action}", body);
        return answer.IsSuccess ? $"{answer["reason"]} {answer["changed"]}" : $"{answer.Status} {answer["reason"]}";
    }

    private static string What(JsonElement item) => item.GetProperty("what").GetString()!;

    private static DateTimeOffset At(JsonElement item) => item.GetProperty("at").GetDateTimeOffset();
}
