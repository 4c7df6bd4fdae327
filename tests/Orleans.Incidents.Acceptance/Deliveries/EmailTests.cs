using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Deliveries;

/// <summary>From an alert to a mail in a real mail server's mailbox.</summary>
public sealed class EmailTests
{
    private const string Alert = """{"title":"Größe über 90 %\r\nBcc: everybody@example.com","severity":"critical"}""";

    [Fact]
    public async Task An_alert_becomes_one_mail_to_the_person_on_call()
    {
        using var folder = new Folder();
        await using var mail = await MailServer.StartAsync("starttls", "plain");
        await using var server = await MailConfig.ServeAsync(
            folder, mail, "olga@example.com", "tls: starttls\n  username: incidents\n  password: env:SMTP_PASSWORD", new Dictionary<string, string> { ["SSL_CERT_FILE"] = mail.CertificateFile });

        var incident = await server.Admin.OpenAsync(Alert);
        var arrived = Assert.Single(await mail.ArrivedAsync(1));
        await PageEndsAsync(server, incident, "delivered");

        Assert.Equal(("olga@example.com", true, MailServer.User), (arrived.To, arrived.Tls, arrived.User));
        Assert.Equal($"[CRITICAL] Größe über 90 % Bcc: everybody@example.com (default) {incident}", arrived["Subject"]);
        Assert.Equal(($"{incident}-0-0-olga-0", $"<{incident}-0-0-olga-0@example.com>"), (arrived["X-Incidents-Page"], arrived["Message-ID"]));
        Assert.Equal(arrived["In-Reply-To"], arrived["References"]);
        Assert.Empty(arrived.Headers["Bcc"]);
        Assert.Single(mail.Mails);
        await server.StopAsync();
        folder.AssertVerifies();
    }

    [Fact]
    public async Task A_mail_whose_answer_was_lost_with_the_process_comes_again_as_the_same_mail()
    {
        using var folder = new Folder();
        await using var mail = await MailServer.StartAsync();
        string incident;
        await using (var server = await MailConfig.ServeAsync(folder, mail, "held@example.com"))
        {
            incident = await server.Admin.OpenAsync(Alert);
            await mail.ArrivedAsync(1);
            await server.KillAsync();
        }

        mail.Release();
        await using var next = await MailConfig.ServeAsync(folder, mail, "held@example.com");

        // An attempt that nobody heard of again is made anew 20 s after it began.
        await mail.ArrivedAsync(2, TimeSpan.FromSeconds(60));
        await PageEndsAsync(next, incident, "delivered");
        Assert.Equal(2, mail.Mails.Count);
        Assert.Single(mail.Mails.Select(m => m["Message-ID"]).Distinct());
        Assert.Single(mail.Mails.Select(m => m.Raw).Distinct());
        await next.StopAsync();
        folder.AssertVerifies();
    }

    [Fact]
    public async Task A_mail_that_is_put_off_before_a_kill_arrives_once_after_it()
    {
        using var folder = new Folder();
        await using var mail = await MailServer.StartAsync();
        string incident;
        await using (var server = await MailConfig.ServeAsync(folder, mail, "once@example.com"))
        {
            incident = await server.Admin.OpenAsync(Alert);
            await Eventually.TrueAsync("the mail is put off", async () => (await TimelineAsync(server, incident)).Exists(i => What(i) is "page.attempt-failed" or "page.delivered"));
            await server.KillAsync();
        }

        await using var next = await MailConfig.ServeAsync(folder, mail, "once@example.com");

        await PageEndsAsync(next, incident, "delivered");
        Assert.Single(mail.Mails);
        var failed = (await TimelineAsync(next, incident)).Find(i => What(i) == "page.attempt-failed");
        Assert.Equal(("ServerError", "127.0.0.1: at the recipient: 451 4.3.0 come back later"), (failed.GetProperty("data").GetProperty("why").GetString()!, failed.GetProperty("data").GetProperty("detail").GetString()!));
    }

    [Fact]
    public async Task A_mail_server_that_nobody_vouches_for_gets_nothing_and_the_timeline_says_why()
    {
        using var folder = new Folder();
        await using var mail = await MailServer.StartAsync("implicit");
        await using var server = await MailConfig.ServeAsync(folder, mail, "olga@example.com", "tls: implicit");

        var incident = await server.Admin.OpenAsync(Alert);

        var failed = await Eventually.GetAsync("a failed attempt", async () => (await TimelineAsync(server, incident)) is var items && items.Exists(i => What(i) == "page.attempt-failed") ? items : null);
        var data = failed.Find(i => What(i) == "page.attempt-failed").GetProperty("data");
        Assert.Equal("TlsError", data.GetProperty("why").GetString());
        Assert.Contains("UntrustedRoot", data.GetProperty("detail").GetString());
        Assert.Empty(mail.Mails);
    }

    [Fact]
    public async Task A_start_without_the_file_still_knows_the_mail_server()
    {
        using var folder = new Folder();
        await using var mail = await MailServer.StartAsync();
        await using (var server = await MailConfig.ServeAsync(folder, mail, "olga@example.com"))
            await server.StopAsync();
        await using var next = await ServerProcess.StartAsync(folder.Data, environment: TestConfig.Environment);

        await next.Admin.OpenAsync(Alert);

        Assert.Equal("olga@example.com", (await mail.ArrivedAsync(1))[0].To);
    }

    private static Task PageEndsAsync(ServerProcess server, string incident, string how) =>
        Eventually.TrueAsync($"the page is {how}", async () => (await TimelineAsync(server, incident)).Exists(i => What(i) == $"page.{how}"));

    private static async Task<List<JsonElement>> TimelineAsync(ServerProcess server, string incident) =>
        [.. (await server.Admin.GetAsync($"/api/v1/incidents/{incident}/timeline")).Json.GetProperty("items").EnumerateArray()];

    private static string What(JsonElement item) => item.GetProperty("what").GetString()!;
}
