using System.Net.Http.Headers;
using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Behaviour;

/// <summary>The dry run of a running server: what it answers, to whom, and that it changes nothing.</summary>
public abstract class PreviewTests(Installation installation)
{
    private const string Disk = """{"title":"Preview: disk full","dedup_key":"preview-disk","severity":"critical"}""";

    [Fact]
    public async Task A_preview_says_what_then_happens_and_opens_nothing()
    {
        var admin = installation.Server.Admin;
        var first = await admin.PostAsync("/api/v1/preview/generic-json", Disk);
        var second = await admin.PostAsync("/api/v1/preview/generic-json", Disk);

        Assert.Equal("OpenedPaging", Would(first).GetProperty("reason").GetString());
        Assert.Equal("OpenedPaging", Would(second).GetProperty("reason").GetString());
        Assert.Contains("pages olga by webhook at once", Would(first).GetProperty("text").GetString());
        Assert.DoesNotContain(await admin.IncidentsAsync(), i => i.GetProperty("title").GetString() == "Preview: disk full");
        var incident = await admin.OpenAsync(Disk);
        var repeat = Would(await admin.PostAsync("/api/v1/preview/generic-json", Disk));
        Assert.Equal(("Repeated", incident), (repeat.GetProperty("reason").GetString(), repeat.GetProperty("incident").GetString()));
        Assert.Contains($"repeats what incident {incident} holds already: it is counted and changes nothing", repeat.GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_answer_has_the_four_lists_and_every_member_of_an_alert()
    {
        var answer = await installation.Server.Admin.PostAsync("/api/v1/preview/generic-json", """[{"title":"x"},{"severity":"error"}]""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(["alerts", "refused", "routes", "wouldDo", "notes", "context"], answer.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ["action", "dedupKey", "title", "severity", "service", "labels", "source", "startedAt", "endedAt"],
            answer.Json.GetProperty("alerts")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("alerts")[0].GetProperty("severity").ValueKind);
        Assert.Equal((1, "MissingField"), (answer.Json.GetProperty("refused")[0].GetProperty("index").GetInt32(), answer.Json.GetProperty("refused")[0].GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Where_nothing_is_understood_the_status_is_intakes_and_the_answer_is_there()
    {
        var answer = await installation.Server.Admin.PostAsync("/api/v1/preview/generic-json", "{\"title\":");
        Assert.Equal((400, "application/problem+json", "Malformed"), (answer.Status, answer.MediaType, answer["reason"]));
        Assert.Equal(0, answer.Json.GetProperty("alerts").GetArrayLength());
        Assert.Equal((-1, "Malformed"), (answer.Json.GetProperty("refused")[0].GetProperty("index").GetInt32(), answer.Json.GetProperty("wouldDo")[0].GetProperty("reason").GetString()));
        Assert.Equal(422, (await installation.Server.Admin.PostAsync("/api/v1/preview/alertmanager-api-v2-alerts", "[null]")).Status);
    }

    [Fact]
    public async Task A_format_that_there_is_not_is_answered_with_those_there_are()
    {
        var answer = await installation.Server.Admin.PostAsync("/api/v1/preview/nonsense", "{}");
        Assert.Equal(404, answer.Status);
        Assert.Contains("generic-json", answer.Json.GetProperty("formats").EnumerateArray().Select(f => f.GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?integration=generic")]
    public async Task A_beat_is_previewed_for_an_integration_that_is_sent_beats(string query)
    {
        var answer = await installation.Server.Admin.PostAsync("/api/v1/preview/heartbeat" + query, "{}");
        Assert.Equal((404, "UnknownIntegration"), (answer.Status, answer["reason"]));
    }

    [Theory]
    [InlineData(null, "", 401)]
    [InlineData("nobody-has-this-token", "", 401)]
    [InlineData(TestConfig.Operator, "", 200)]
    [InlineData(TestConfig.Robot, "?integration=pagerduty", 200)]
    [InlineData(TestConfig.Operator, "?integration=nonsense", 404)]
    [InlineData(TestConfig.Generic, "", 200)]
    [InlineData(TestConfig.Generic, "?integration=generic", 200)]
    [InlineData(TestConfig.Generic, "?integration=webhook", 403)]
    [InlineData(null, $"?token={TestConfig.Generic}", 200)]
    public async Task An_operator_asks_for_any_integration_and_a_sender_for_its_own(string? token, string query, int status)
    {
        using var api = installation.Server.As(token);
        Assert.Equal(status, (await api.PostAsync($"/api/v1/preview/generic-json{query}", Disk)).Status);
    }

    [Fact]
    public async Task The_header_may_be_another_services_when_the_token_is_in_the_query()
    {
        using var api = installation.Server.As(null);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/preview/generic-json?token={TestConfig.Operator}") { Content = new StringContent(Disk) };
        request.Headers.Authorization = new AuthenticationHeaderValue("GenieKey", "00000000-0000-0000-0000-000000000000");
        Assert.Equal(200, (await api.SendAsync(request)).Status);
    }

    [Fact]
    public async Task It_is_decided_as_the_integration_that_is_meant()
    {
        var admin = installation.Server.Admin;
        Assert.Equal("integration-quick", await IdentityAsync("alertmanager-api-v2-alerts?integration=quick", "[]"));
        Assert.Equal("integration-pagerduty", await IdentityAsync("pagerduty-events-v2", $$"""{"routing_key":"{{TestConfig.RoutingKey}}","event_action":"resolve","dedup_key":"k"}"""));
        var unknown = await admin.PostAsync("/api/v1/preview/pagerduty-events-v2", """{"routing_key":"ffffffffffffffffffffffffffffffff","event_action":"resolve","dedup_key":"k"}""");
        Assert.Contains(unknown.Json.GetProperty("notes").EnumerateArray(), n => n.GetString()!.Contains("routing_key is not one of this server's"));
        var none = await admin.PostAsync("/api/v1/preview/alertmanager-webhook-v3", """{"version":"3","alerts":[]}""");
        Assert.Contains(none.Json.GetProperty("notes").EnumerateArray(), n => n.GetString()!.Contains("no integration reads alertmanager-webhook-v3"));
        Assert.Equal("admin", none.Json.GetProperty("context").GetProperty("identity").GetString());

        async Task<string> IdentityAsync(string path, string body) =>
            (await admin.PostAsync($"/api/v1/preview/{path}", body)).Json.GetProperty("context").GetProperty("identity").GetString()!;
    }

    [Fact]
    public async Task A_sender_over_its_request_budget_is_told_so_and_not_charged()
    {
        // Of one of the silos: each counts for itself.
        using var hasty = installation.Server.As(TestConfig.Previewed);
        for (var i = 0; i < 5; i++)
            Assert.Equal(200, (await hasty.PostAsync("/api/v1/preview/generic-json", Disk)).Status);
        await hasty.AlertAsync("""{"title":"one"}""", "previewed");
        await hasty.AlertAsync("""{"title":"two"}""", "previewed");
        var answer = await hasty.PostAsync("/api/v1/preview/generic-json", Disk);
        Assert.Equal(200, answer.Status);
        Assert.Contains(answer.Json.GetProperty("notes").EnumerateArray(), n => n.GetString()!.Contains("hasty is over its request budget now: sent in earnest, this is refused with 429"));
    }

    private static JsonElement Would(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.ToString());
        return Assert.Single(answer.Json.GetProperty("wouldDo").EnumerateArray());
    }
}
