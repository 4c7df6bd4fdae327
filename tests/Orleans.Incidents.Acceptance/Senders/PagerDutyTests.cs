using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Senders;

/// <summary>PagerDuty's address, called as its own libraries do, with the answers that they expect.</summary>
public abstract class PagerDutyTests(Installation installation)
{
    private readonly Api _anyone = installation.Server.As(null);

    [Fact]
    public async Task Trigger_acknowledge_and_resolve_are_answered_exactly_as_PagerDuty_answers()
    {
        var triggered = await SendAsync("trigger", "pd-1");
        Assert.Equal((202, """{"status":"success","message":"Event processed","dedup_key":"pd-1"}"""), (triggered.Status, triggered.Text));
        var incident = (await installation.Server.Admin.OutcomeAsync(Receipt(triggered))).GetProperty("incident").GetString()!;
        Assert.Equal("valid", (await installation.Pager.PageOfAsync(incident)).Signature.ToString().ToLowerInvariant());

        Assert.Equal((202, """{"status":"success","message":"Event processed","dedup_key":"pd-1"}"""), Said(await SendAsync("acknowledge", "pd-1")));
        await Eventually.TrueAsync("the acknowledgement", async () => (await installation.Server.Admin.IncidentAsync(incident)).TryGetProperty("acknowledgedBy", out _));
        Assert.Equal(202, (await SendAsync("resolve", "pd-1")).Status);
        await Eventually.TrueAsync("the resolve", async () => await installation.Server.Admin.StatusAsync(incident) == "resolved");

        var again = await SendAsync("trigger", "pd-1");
        Assert.NotEqual(incident, (await installation.Server.Admin.OutcomeAsync(Receipt(again))).GetProperty("incident").GetString());
    }

    [Fact]
    public async Task A_trigger_without_a_key_is_given_one()
    {
        var answer = await SendAsync("trigger", null);

        Assert.Equal(202, answer.Status);
        Assert.False(string.IsNullOrEmpty(answer["dedup_key"]));
    }

    [Theory]
    [InlineData("""{"event_action":"trigger"}""", "'routing_key' is missing or blank")]
    [InlineData("""{"routing_key":"short","event_action":"trigger"}""", "Length of 'routing_key' is incorrect (should be 32 characters)")]
    [InlineData("""{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"trigger"}""", "'payload' is missing or blank")]
    [InlineData("""{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"resolve"}""", "'dedup_key' is missing or blank")]
    public async Task An_invalid_event_is_answered_in_PagerDutys_own_form(string body, string error)
    {
        var answer = await _anyone.PostAsync("/v2/enqueue", body);

        Assert.Equal((400, "invalid event", "Event object is invalid"), (answer.Status, answer["status"], answer["message"]));
        Assert.Equal(error, answer.Json.GetProperty("errors")[0].GetString());
    }

    private Task<Answer> SendAsync(string action, string? key)
    {
        var id = key is null ? "" : $"\"dedup_key\":\"{key}\",";
        return _anyone.PostAsync("/v2/enqueue", $$$"""
            {"routing_key":"{{{TestConfig.RoutingKey}}}",{{{id}}}"event_action":"{{{action}}}","payload":{"summary":"Disk full on db-1","source":"db-1","severity":"critical"}}
            """);
    }

    private static (int, string) Said(Answer answer) => (answer.Status, answer.Text);

    private static string Receipt(Answer answer) => answer.Headers.GetValues("Incidents-Receipt").Single();
}
