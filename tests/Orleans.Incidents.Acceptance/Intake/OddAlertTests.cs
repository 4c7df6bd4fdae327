using System.Text;
using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Intake;

/// <summary>Alerts that are odd but not wrong: wrong clocks, every kind of character.</summary>
public abstract class OddAlertTests(Installation installation)
{
    [Theory]
    [InlineData("far-end", """,{Q}endsAt{Q}:{Q}9999-12-31T23:59:59Z{Q}""", "active")]
    [InlineData("far-start", """,{Q}startsAt{Q}:{Q}9999-12-30T00:00:00Z{Q},{Q}endsAt{Q}:{Q}9999-12-31T23:59:59Z{Q}""", "active")]
    [InlineData("old-start", """,{Q}startsAt{Q}:{Q}0001-01-02T00:00:00Z{Q}""", "active")]
    [InlineData("zero-times", """,{Q}startsAt{Q}:{Q}0001-01-01T00:00:00Z{Q},{Q}endsAt{Q}:{Q}0001-01-01T00:00:00Z{Q}""", "active")]
    [InlineData("skewed", """,{Q}startsAt{Q}:{Q}2262-04-12T00:00:00Z{Q},{Q}endsAt{Q}:{Q}2263-01-01T00:00:00Z{Q}""", "active")]
    public async Task A_wrong_clock_costs_no_sender_its_alert(string name, string times, string status)
    {
        var answer = await PrometheusAsync($$"""[{"labels":{"alertname":"clock-{{name}}"}{{times.Replace("{Q}", "\"")}}}]""");

        Assert.Equal(200, answer.Status);
        var incident = (await installation.Server.Admin.OutcomeAsync(Receipt(answer))).GetProperty("incident").GetString()!;
        Assert.Equal(status, await installation.Server.Admin.StatusAsync(incident));
    }

    [Fact]
    public async Task An_alert_that_ended_long_ago_opens_nothing()
    {
        var answer = await PrometheusAsync("""[{"labels":{"alertname":"ended"},"startsAt":"0001-01-02T00:00:00Z","endsAt":"0001-01-03T00:00:00Z"}]""");

        Assert.Equal(200, answer.Status);
        Assert.Equal("NothingOpen", (await installation.Server.Admin.OutcomeAsync(Receipt(answer))).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("2026-13-45T00:00:00Z")]
    [InlineData("+275760-09-13T00:00:00Z")]
    [InlineData("1e400")]
    [InlineData("-9223372036854775808")]
    public async Task A_time_that_is_none_stays_readable_in_our_own_format(string time)
    {
        var incident = await installation.Server.Admin.OpenAsync($$"""{"title":"time {{time}}","started_at":"{{time}}","ended_at":"{{time}}"}""");

        Assert.Equal("active", await installation.Server.Admin.StatusAsync(incident));
    }

    [Fact]
    public async Task Every_kind_of_character_survives_from_label_to_incident()
    {
        var kinds = Enumerable.Range(0, 0x110000).Where(c => c is < 0xD800 or > 0xDFFF)
            .GroupBy(c => System.Globalization.CharUnicodeInfo.GetUnicodeCategory(c)).Select(g => char.ConvertFromUtf32(g.First()) + char.ConvertFromUtf32(g.Last()));
        var text = "a\0b\r\n\t\u0001\u202e\ufeff\ufffe👩‍🚀e\u0301" + string.Concat(kinds);
        var alert = JsonSerializer.Serialize(new { title = $"T{text}", dedup_key = $"K{text}", labels = new Dictionary<string, string> { ["alertname"] = text, [$"n{text}"] = text } });

        var incident = await installation.Server.Admin.OpenAsync(alert);

        var labels = (await installation.Server.Admin.IncidentAsync(incident)).GetProperty("labels");
        Assert.Equal(text, labels.GetProperty("alertname").GetString());
        Assert.NotNull((await installation.Pager.PageOfAsync(incident)).Title);
        Assert.Equal(incident, (await installation.Server.Admin.OutcomeAsync((await installation.Server.Admin.AlertAsync(alert))[0])).GetProperty("incident").GetString());
        await Eventually.TrueAsync("the list has it", async () => (await installation.Server.Admin.IncidentsAsync()).Exists(i => i.GetProperty("id").GetString() == incident));
    }

    [Fact]
    public async Task Keys_that_differ_only_in_odd_characters_are_different_problems()
    {
        string[] keys = ["odd", "odd\\u0000", "odd\\u200b", "ödd", "o\\u0308dd", "ODD"];

        var incidents = await Task.WhenAll(keys.Select(k => installation.Server.Admin.OpenAsync($$"""{"title":"odd","dedup_key":"{{k}}"}""")));

        Assert.Equal(keys.Length, incidents.Distinct().Count());
    }

    private Task<Answer> PrometheusAsync(string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/alerts") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return installation.Server.Admin.SendAsync(request);
    }

    private static string Receipt(Answer answer) => answer.Headers.GetValues("Incidents-Receipt").Single();
}
