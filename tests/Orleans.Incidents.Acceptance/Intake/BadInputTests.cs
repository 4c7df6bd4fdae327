using System.Text;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Intake;

/// <summary>Whatever is sent, the answer is a problem with a named reason, never an error of the server, and shows nothing of its inside.</summary>
public abstract class BadInputTests(Installation installation)
{
    private const string Alerts = "/integrations/generic/alerts";

    public static TheoryData<string, string, int, string> Bodies() => new()
    {
        { Alerts, "", 400, "Malformed" },
        { Alerts, "{", 400, "Malformed" },
        { Alerts, """{"title":"x"} trailing""", 400, "Malformed" },
        { Alerts, "\"text\"", 400, "WrongType" },
        { Alerts, "42", 400, "WrongType" },
        { Alerts, "null", 400, "WrongType" },
        { Alerts, "{}", 400, "MissingField" },
        { Alerts, """{"title":"   "}""", 400, "MissingField" },
        { Alerts, "[1]", 400, "WrongType" },
        { Alerts, """{"title":"x","action":"explode"}""", 400, "InvalidValue" },
        { Alerts, "{\"title\":\"x\",\"deep\":" + new string('[', 40) + new string(']', 40) + "}", 400, "TooDeep" },
        { Alerts, "{\"title\":\"x\",\"deep\":" + new string('[', 100_000) + new string(']', 100_000) + "}", 400, "TooDeep" },
        { Alerts, "{\"title\":\"x\",\"labels\":{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"l{i}\":\"v\"")) + "}}", 413, "TooLarge" },
        { Alerts, "{\"title\":\"x\",\"labels\":{\"l\":\"" + new string('v', 20_000) + "\"}}", 413, "TooLarge" },
        { Alerts, "{\"title\":\"" + new string('x', 5_000_000) + "\"}", 413, "TooLarge" },
        { "/integrations/webhook/alerts", "{}", 400, "MissingField" },
        { "/integrations/webhook/alerts", "[]", 400, "WrongType" },
        { "/integrations/webhook/alerts", """{"alerts":[{"status":"odd","labels":{"a":"b"}}]}""", 400, "InvalidValue" },
        { "/integrations/webhook/alerts", """{"alerts":[{"status":"firing","labels":{}}]}""", 400, "EmptyLabels" },
        { "/integrations/nowhere/alerts", """{"title":"x"}""", 404, "UnknownIntegration" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_refused_for_a_named_reason(string path, string body, int status, string reason) =>
        AssertProblem(await installation.Server.Admin.PostAsync(path, body), status, reason);

    [Theory]
    [InlineData("0xff 0xfe")]
    [InlineData("lone surrogate")]
    public async Task Bytes_that_are_no_text_are_refused_or_kept_but_never_an_error(string what)
    {
        byte[] body = what == "lone surrogate" ? """{"title":"\ud800 half"}"""u8.ToArray() : [.. "{\"title\":\""u8, 0xff, 0xfe, .. "\"}"u8];

        var answer = await installation.Server.Admin.PostAsync(Alerts, body);

        Assert.Contains(answer.Status, new[] { 202, 400 });
        await AssertWorksAsync();
    }

    [Fact]
    public async Task An_oversized_body_of_unknown_length_is_refused()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Alerts) { Content = new StringContent("{\"title\":\"" + new string('x', 6_000_000) + "\"}") };
        request.Headers.TransferEncodingChunked = true;

        AssertProblem(await installation.Server.Admin.SendAsync(request), 413, "TooLarge");
        await AssertWorksAsync();
    }

    [Theory]
    [InlineData(null, 401, "NoCredential")]
    [InlineData("nobody-holds-this-token", 401, "NoCredential")]
    [InlineData(TestConfig.Webhook, 403, "WrongCredential")]
    [InlineData(TestConfig.Generic, 202, null)]
    [InlineData(TestConfig.Operator, 202, null)]
    public async Task A_credential_opens_its_own_integration_only(string? token, int status, string? reason)
    {
        using var api = installation.Server.As(token);

        var answer = await api.PostAsync(Alerts, """{"title":"by credential"}""");

        if (reason is null)
            Assert.Equal(status, answer.Status);
        else
            AssertProblem(answer, status, reason);
    }

    [Theory]
    [InlineData("/api/v1/incidents")]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/velocity")]
    public async Task A_senders_credential_reads_nothing(string path)
    {
        using var sender = installation.Server.As(TestConfig.Generic);
        using var nobody = installation.Server.As(null);

        AssertProblem(await sender.GetAsync(path), 403, "WrongCredential");
        AssertProblem(await nobody.GetAsync(path), 401, "NoCredential");
    }

    [Theory]
    [InlineData("/api/v1/incidents?limit=0", 400, "InvalidValue")]
    [InlineData("/api/v1/incidents?limit=abc", 400, "Malformed")]
    [InlineData("/api/v1/incidents?status=odd", 400, "InvalidValue")]
    [InlineData("/api/v1/incidents?severity=odd", 400, "InvalidValue")]
    [InlineData("/api/v1/incidents/nonsense", 404, "NoSuchIncident")]
    [InlineData("/api/v1/incidents/00000000000000000000000000", 404, "NoSuchIncident")]
    [InlineData("/api/v1/incidents/00000000000000000000000000/timeline", 404, "NoSuchIncident")]
    [InlineData("/api/v1/receipts/1-0-0-00000000", 404, null)]
    [InlineData("/api/v1/receipts/%01%0a", 404, null)]
    [InlineData("/api/v1/nowhere", 404, null)]
    public async Task A_bad_question_is_refused_for_a_named_reason(string path, int status, string? reason) =>
        AssertProblem(await installation.Server.Admin.GetAsync(path), status, reason);

    [Fact]
    public async Task One_bad_alert_fails_no_other_of_its_batch()
    {
        var answer = await installation.Server.Admin.PostAsync(Alerts, """[{"title":"good one"},{"title":""},7,{"title":"good two"},{"title":"x","action":"explode"}]""");

        Assert.Equal(202, answer.Status);
        Assert.Equal(2, answer.Receipts.Length);
        var refused = answer.Json.GetProperty("refused").EnumerateArray().Select(r => (r.GetProperty("index").GetInt32(), r.GetProperty("reason").GetString()!));
        Assert.Equal([(1, "MissingField"), (2, "WrongType"), (4, "InvalidValue")], refused);
        var outcomes = await Task.WhenAll(answer.Receipts.Select(installation.Server.Admin.OutcomeAsync));
        Assert.Equal(["good one", "good two"], (await Task.WhenAll(outcomes.Select(o => installation.Server.Admin.IncidentAsync(o.GetProperty("incident").GetString()!)))).Select(i => i.GetProperty("title").GetString()!));
    }

    [Fact]
    public async Task What_was_refused_can_be_looked_up()
    {
        using var sender = installation.Server.As(TestConfig.Generic);
        await sender.PostAsync(Alerts, "[3]");

        await Eventually.TrueAsync("the refusal is listed", async () => (await installation.Server.Admin.GetAsync("/api/v1/refused")).Json.GetProperty("items").EnumerateArray()
            .Any(r => r.GetProperty("identity").GetString() == "integration-generic" && r.GetProperty("reason").GetString() == "WrongType"));
    }

    [Fact]
    public void Refusals_fill_no_log() => Assert.All(installation.Servers, s => Assert.DoesNotContain("RefusedException", s.Output + s.Errors));

    private async Task AssertWorksAsync() => await installation.Server.Admin.AlertAsync("""{"title":"still works"}""");

    private static void AssertProblem(Answer answer, int status, string? reason)
    {
        Assert.True(answer.Status == status, answer.ToString());
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
        if (reason is not null)
            Assert.Equal(reason, answer["reason"]);
        Assert.DoesNotContain("   at ", answer.Text);
        Assert.DoesNotContain("Exception", answer.Text);
        Assert.True(Encoding.UTF8.GetByteCount(answer.Text) < 16_000);
    }
}
