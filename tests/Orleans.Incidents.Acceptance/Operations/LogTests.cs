using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Operations;

/// <summary>What a server says of itself on its error stream, line by line in JSON.</summary>
public sealed class LogTests
{
    private static readonly string[] Json = ["--log-format", "json"];

    [Fact]
    public async Task An_alert_can_be_followed_from_its_receipt_to_its_page()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url, Json);
        using var sender = server.As(TestConfig.Generic);
        var receipt = (await sender.AlertAsync("""[{"title":"First"},{"title":"Disk full","severity":"critical","labels":{"alertname":"DiskFull"}}]"""))[1];
        var incident = (await server.Admin.OutcomeAsync(receipt)).GetProperty("incident").GetString()!;
        var page = (await pager.PageOfAsync(incident)).Id;
        await Eventually.TrueAsync("the delivery's line", () => Lines(server).Any(l => Event(l) == "PageDelivered" && Field(l, "incident") == incident));
        await server.Admin.PostAsync($"/api/v1/incidents/{incident}/acknowledge");
        await server.StopAsync();

        var all = Lines(server);
        var opened = Assert.Single(all, l => Event(l) == "IncidentOpened" && Field(l, "incident") == incident);
        Assert.Equal((receipt, "integration-generic", "generic", "default", "critical"), (Field(opened, "receipt"), Field(opened, "identity"), Field(opened, "integration"), Field(opened, "service"), Field(opened, "severity")));
        var delivered = Assert.Single(all, l => Event(l) == "PageDelivered" && Field(l, "incident") == incident);
        Assert.Equal((page, receipt, "olga", "webhook"), (Field(delivered, "page"), Field(delivered, "receipt"), Field(delivered, "responder"), Field(delivered, "channel")));
        Assert.Equal("admin", Field(Assert.Single(all, l => Event(l) == "IncidentAcknowledged"), "identity"));
        Assert.Equal(("Started", "Stopping", "Stopped"), (Event(all[0]), Event(all[^2]), Event(all[^1])));
    }

    [Fact]
    public async Task A_flood_of_repeats_and_of_refusals_is_a_handful_of_lines()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url, Json);
        using var sender = server.As(TestConfig.Generic);
        using var hurried = server.As(TestConfig.Tight);
        using var stranger = server.As("nobody-knows-this-token");
        for (var i = 0; i < 200; i++)
        {
            await sender.AlertAsync("""{"title":"Again","severity":"info"}""");
            await hurried.PostAsync("/integrations/tight/alerts", """{"title":"Too fast"}""");
            await stranger.PostAsync("/integrations/generic/alerts", """{"title":"Who am I"}""");
        }

        await Eventually.TrueAsync("both refusals", () => Lines(server).Count(l => Event(l) == "Refused") == 2);
        await server.StopAsync();
        var refused = Lines(server).Where(l => Event(l) == "Refused").ToList();
        Assert.Equal(["NoCredential", "OverRequestBudget"], refused.Select(l => Field(l, "reason")).Order());
        Assert.Equal("hurried", Field(refused.Single(l => Field(l, "reason") == "OverRequestBudget"), "identity"));
        Assert.InRange(Lines(server).Count, 5, 20);
    }

    [Fact]
    public async Task No_line_holds_a_secret_or_what_a_sender_wrote()
    {
        using var folder = new Folder();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url, [.. Json, "--log-level", "trace"]);
        const string body = """{"title":"words-of-the-sender","labels":{"alertname":"label-of-the-sender"},"severity":"critical"}""";
        using var sender = server.As(TestConfig.Generic);
        var incident = (await server.Admin.OutcomeAsync((await sender.AlertAsync(body))[0])).GetProperty("incident").GetString()!;
        await pager.PageOfAsync(incident);
        using var nobody = server.As(null);
        await nobody.PostAsync($"/integrations/generic/{TestConfig.Generic}/alerts", body);
        await nobody.PostAsync($"/integrations/generic/alerts?token={TestConfig.Generic}", body);
        await nobody.PostAsync("/integrations/generic/wrong-token-in-the-path/alerts", body);
        await nobody.PostAsync("/v2/enqueue", $$$"""{"routing_key":"{{{TestConfig.RoutingKey}}}","event_action":"trigger","payload":{"summary":"words-of-the-sender","source":"s","severity":"error"}}""");
        await sender.PostAsync("/integrations/generic/alerts", """{"title":{"words-of-the-sender":1}}""");
        await server.Admin.PostAsync($"/api/v1/incidents/{incident}/note", """{"text":"words-of-the-operator"}""");
        await server.StopAsync();

        Assert.Contains(Lines(server), l => Event(l) == "AlertsAccepted");
        string[] secrets = [.. TestConfig.Environment.Values, ServerProcess.AdminToken, "wrong-token-in-the-path", "words-of-the", "label-of-the", pager.Url];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, server.Errors, StringComparison.Ordinal));
    }

    private static List<JsonElement> Lines(ServerProcess server) =>
        [.. server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    private static string? Event(JsonElement line) => Field(line, "event");

    private static string? Field(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.ToString() : null;
}
