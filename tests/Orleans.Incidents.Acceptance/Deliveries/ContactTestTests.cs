using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Deliveries;

/// <summary>Would a page arrive? A test says so, through the channels that pages go through.</summary>
public sealed class ContactTestTests : IAsyncLifetime
{
    private readonly Folder _folder = new();
    private MailServer _mail = null!;
    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync() => _mail = await MailServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _mail.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_test_goes_to_every_contact_and_says_what_became_of_it()
    {
        await ServeAsync("olga@example.com");
        using var olga = _server.As(TestConfig.Operator);

        var answer = await olga.PostAsync("/api/v1/responders/both/test");

        Assert.Equal((200, "both", "olga", "True"), (answer.Status, answer["responder"], answer["by"], answer["ended"]));
        Assert.Equal(["delivered Accepted 127.0.0.1: 250 2.0.0 queued as 4711", "failed RecipientRefused 127.0.0.1: at the recipient: 550 5.1.1 nobody here is called that"], Results(answer));
        var mail = Assert.Single(_mail.Mails);
        Assert.Equal(("[TEST] Test notification for both, asked for by olga", answer.Json.GetProperty("pages")[0].GetProperty("id").GetString()), (mail["Subject"], mail["X-Incidents-Page"]));
        Assert.Contains("This is a test. Nothing is wrong", mail.Text);
        Assert.Equal(answer.Text, (await olga.GetAsync($"/api/v1/responders/both/tests/{answer["number"]}")).Text);

        // A test that failed is nothing for an operator to decide on, and counts as no page.
        Assert.Empty((await olga.GetAsync("/api/v1/dead-letters?after=" + await PositionAsync(olga))).Json.GetProperty("items").EnumerateArray());
        Assert.DoesNotContain("incidents_pages_ended_total{outcome=\"given_up\"}", (await olga.GetAsync("/metrics")).Text);
    }

    [Fact]
    public async Task A_test_that_takes_longer_is_looked_at_later()
    {
        await ServeAsync("held@example.com");

        var answer = await _server.Admin.PostAsync("/api/v1/responders/both/contacts/0/test");

        Assert.Equal((202, "False"), (answer.Status, answer["ended"]));
        Assert.Equal(["under way  "], Results(answer));
        var place = answer.Headers.Location!.ToString();
        _mail.Release();
        var ended = await Eventually.GetAsync("the test has ended", async () => (await _server.Admin.GetAsync(place)) is var a && a["ended"] == "True" ? a : null);
        Assert.StartsWith("delivered Accepted", Assert.Single(Results(ended)));
        Assert.Single(_mail.Mails);
    }

    [Fact]
    public async Task Nobody_is_sent_tests_without_end()
    {
        await ServeAsync("olga@example.com");
        for (var i = 0; i < 5; i++)
            Assert.Equal(200, (await _server.Admin.PostAsync("/api/v1/responders/olga/test")).Status);

        var answer = await _server.Admin.PostAsync("/api/v1/responders/olga/test");

        Assert.Equal((429, "TestOverBudget", TimeSpan.FromSeconds(120)), (answer.Status, answer["reason"], answer.Headers.RetryAfter!.Delta));
        Assert.Equal(5, _mail.Mails.Count);
        Assert.Equal(200, (await _server.Admin.PostAsync("/api/v1/responders/both/contacts/0/test")).Status);
    }

    [Theory]
    [InlineData("/api/v1/responders/who/test", 404, "NoSuchResponder")]
    [InlineData("/api/v1/responders/nobody/test", 404, "NoSuchContact")]
    [InlineData("/api/v1/responders/olga/contacts/1/test", 404, "NoSuchContact")]
    [InlineData("/api/v1/responders/olga/contacts/-1/test", 404, "NoSuchContact")]
    public async Task What_cannot_be_tested_is_refused_for_a_named_reason(string path, int status, string reason)
    {
        await ServeAsync("olga@example.com");

        var answer = await _server.Admin.PostAsync(path);
        using var sender = _server.As(TestConfig.Generic);

        Assert.Equal((status, reason), (answer.Status, answer["reason"]));
        Assert.Equal(403, (await sender.PostAsync("/api/v1/responders/olga/test")).Status);
        Assert.Equal(404, (await _server.Admin.GetAsync("/api/v1/responders/olga/tests/1")).Status);
        Assert.Equal(404, (await _server.Admin.GetAsync("/api/v1/responders/olga/tests/99")).Status);
        Assert.Empty(_mail.Mails);
    }

    private async Task ServeAsync(string address) => _server = await MailConfig.ServeAsync(_folder, _mail, address);

    private static string[] Results(Answer answer) =>
        [.. answer.Json.GetProperty("pages").EnumerateArray().Select(p => $"{p.GetProperty("status").GetString()} {Text(p, "reason")} {Text(p, "detail")}")];

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    // Any read of one incident names a position that everything before it is at or behind.
    private static async Task<long> PositionAsync(Api api) => (await api.GetAsync("/api/v1/incidents")).Json.GetProperty("position").GetInt64();
}
