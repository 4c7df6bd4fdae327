using System.Globalization;
using System.Text.Json;
using Incidents.Acceptance.Processes;
using Incidents.Journal.Sqlite;

namespace Incidents.Acceptance.Deliveries;

/// <summary>What failed for good waits in one list, and operators decide on it once.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    private const string All = "/api/v1/dead-letters";

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
    public async Task An_opening_that_could_not_be_stored_waits_and_pages_once_when_it_is_put_back()
    {
        await ServeAsync("olga@example.com");
        Edit("CREATE TRIGGER toxic BEFORE INSERT ON event WHEN new.type='incident.opened' BEGIN SELECT RAISE(ABORT, 'toxic'); END");
        var receipts = await _server.Admin.AlertAsync("""{"title":"Disk full","severity":"critical"}""");
        var letter = Assert.Single(await WaitingAsync(1));
        Assert.Equal(("message", "incident:open", "toxic", 3), (Text(letter, "kind"), Text(letter, "type"), Text(letter, "lastError"), letter.GetProperty("attempts").GetInt32()));
        Assert.Equal($"incident/{Text(letter, "incident")}", Text(letter, "to"));
        Assert.Matches("""incidents_dead_letters_waiting\{[^}]*kind="message"\} 1\s""", (await _server.Admin.GetAsync("/metrics")).Text);
        Assert.Equal(404, (await _server.Admin.GetAsync($"/api/v1/incidents/{Text(letter, "incident")}")).Status);
        await RestartAsync("olga@example.com");
        var id = Text(Assert.Single(await WaitingAsync(1)), "id");

        Edit("DROP TRIGGER toxic");
        using var olga = _server.As(TestConfig.Operator);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => olga.PostAsync($"{All}/{id}/retry", """{"text":"mended"}""")));
        var late = await _server.Admin.PostAsync($"{All}/{id}/discard", """{"text":"stale"}""");

        var first = Assert.Single(answers, a => a.Status == 200);
        Assert.Equal("LetterRetried", first["reason"]);
        Assert.All([late, .. answers.Where(a => a != first)], a => Assert.Equal((409, "LetterSettled"), (a.Status, a["reason"])));
        Assert.Empty(await WaitingAsync(0, after: long.Parse(first["position"]!, CultureInfo.InvariantCulture)));
        var one = (await olga.GetAsync($"{All}/{id}")).Json;
        Assert.Equal(("retried", "olga", "mended"), (Text(one, "status"), Text(one.GetProperty("decided"), "by"), Text(one.GetProperty("decided"), "why")));
        Assert.Equal("Disk full", Text(one.GetProperty("content"), "title"));
        Assert.Equal(Text(letter, "incident"), (await _server.Admin.OutcomeAsync(receipts[0])).GetProperty("incident").GetString());
        Assert.Equal($"{Text(letter, "incident")}-0-0-olga-0", (await _mail.ArrivedAsync(1))[0]["X-Incidents-Page"]);
        Assert.Single(_mail.Mails);
        await _server.StopAsync();
        _folder.AssertVerifies();
    }

    [Fact]
    public async Task A_page_that_was_given_up_is_tried_again_under_its_own_id()
    {
        await ServeAsync("unknown@example.com");
        var incident = await _server.Admin.OpenAsync("""{"title":"Disk full","severity":"critical"}""");

        var page = Assert.Single(await WaitingAsync(1));
        var id = $"{incident}-0-0-olga-0";
        Assert.Equal(("page", id, incident, "RecipientRefused: 127.0.0.1: at the recipient: 550 5.1.1 nobody here is called that"), (Text(page, "kind"), Text(page, "id"), Text(page, "incident"), Text(page, "lastError")));
        Assert.Equal(("olga", "email", "Disk full"), (Text(page.GetProperty("page"), "responder"), Text(page.GetProperty("page"), "channel"), Text(page.GetProperty("page"), "title")));

        var retried = await _server.Admin.PostAsync($"{All}/{id}/retry");
        Assert.Equal((200, "PageRetried"), (retried.Status, retried["reason"]));
        var again = Assert.Single(await WaitingAsync(1, after: long.Parse(retried["position"]!, CultureInfo.InvariantCulture) + 1));
        Assert.Equal(2, again.GetProperty("attempts").GetInt32());

        Assert.Equal((400, "MissingField"), Refusal(await _server.Admin.PostAsync($"{All}/{id}/discard")));
        Assert.Equal(200, (await _server.Admin.PostAsync($"{All}/{id}/discard", """{"text":"left the company"}""")).Status);
        Assert.Equal((409, "PageNotGivenUp"), Refusal(await _server.Admin.PostAsync($"{All}/{id}/retry")));
        await WaitingAsync(0);
        var one = (await _server.Admin.GetAsync($"{All}/{id}")).Json;
        Assert.Equal(("discarded", 2), (Text(one, "status"), one.GetProperty("attempts").GetInt32()));
        Assert.Contains((await _server.Admin.GetAsync($"/api/v1/incidents/{incident}/timeline")).Json.GetProperty("items").EnumerateArray(),
            i => Text(i, "what") == "page.discarded" && Text(i, "by") == "admin" && Text(i.GetProperty("data"), "why") == "left the company");
    }

    [Fact]
    public async Task The_list_is_paged_and_filtered_and_refuses_what_it_does_not_know()
    {
        await ServeAsync("unknown@example.com");
        for (var i = 0; i < 3; i++)
            await _server.Admin.OpenAsync(JsonSerializer.Serialize(new { title = $"problem {i}", severity = "critical" }));
        var all = await WaitingAsync(3);

        var first = (await _server.Admin.GetAsync($"{All}?limit=2")).Json;
        var rest = (await _server.Admin.GetAsync($"{All}?limit=2&cursor={first.GetProperty("next")}")).Json;

        Assert.Equal(all.Select(l => Text(l, "id")), [.. first.GetProperty("items").EnumerateArray().Select(l => Text(l, "id")), .. rest.GetProperty("items").EnumerateArray().Select(l => Text(l, "id"))]);
        Assert.False(rest.TryGetProperty("next", out _));
        Assert.Empty((await _server.Admin.GetAsync($"{All}?kind=message")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal((400, "InvalidValue"), Refusal(await _server.Admin.GetAsync($"{All}?kind=odd")));
        Assert.Equal((400, "InvalidValue"), Refusal(await _server.Admin.GetAsync($"{All}?limit=0")));
        foreach (var id in new[] { "nothing", "0123456789abcdef0123456789abcdef", "01JQ8ZK3VN5T7X9B2D4F6H8J0M-0-0-olga-0" })
        {
            Assert.Equal((404, "NoSuchLetter"), Refusal(await _server.Admin.GetAsync($"{All}/{id}")));
            Assert.Equal((404, "NoSuchLetter"), Refusal(await _server.Admin.PostAsync($"{All}/{id}/retry")));
        }

        using var sender = _server.As(TestConfig.Generic);
        Assert.Equal((403, "WrongCredential"), Refusal(await sender.GetAsync(All)));
        Assert.Equal((403, "WrongCredential"), Refusal(await sender.PostAsync($"{All}/{Text(all[0], "id")}/discard", """{"text":"mine"}""")));
    }

    private static (int, string?) Refusal(Answer answer) => (answer.Status, answer["reason"]);

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private async Task<List<JsonElement>> WaitingAsync(int count, long after = 0) => await Eventually.GetAsync($"{count} dead letters", async () =>
    {
        var items = (await _server.Admin.GetAsync($"{All}?after={after}")).Json.GetProperty("items").EnumerateArray().ToList();
        return items.Count == count ? items : null;
    });

    private async Task ServeAsync(string address) => _server = await MailConfig.ServeAsync(_folder, _mail, address);

    private async Task RestartAsync(string address)
    {
        await _server.KillAsync();
        await _server.DisposeAsync();
        await ServeAsync(address);
    }

    private void Edit(string sql)
    {
        using var other = new Database(_folder.Journal, readOnly: false);
        other.Execute(sql);
    }
}
