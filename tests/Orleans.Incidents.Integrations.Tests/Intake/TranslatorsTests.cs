using System.Text;
using Incidents.Audit;
using Incidents.Integrations.Intake;

namespace Incidents.Testing.Intake;

/// <summary>What holds for every format.</summary>
public class TranslatorsTests
{
    /// <summary>The formats whose body is JSON by itself; where headers say what it is, other tests do.</summary>
    public static TheoryData<string> Formats() => [.. Translators.All.Select(t => t.Format).Where(f => f != "cloudevents-binary")];

    [Fact]
    public void Find_by_name_gives_the_translator_of_that_name()
    {
        Assert.All(Translators.All, t => Assert.Same(t, Translators.Find(t.Format)));
        Assert.Equal(Translators.All.Length, Translators.All.Select(t => t.Format).Distinct().Count());
        Assert.Null(Translators.Find("Alertmanager-Webhook-V4"));
        Assert.Null(Translators.Find(""));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_body_that_is_not_json_is_malformed(string format)
    {
        foreach (var body in new[] { "nothing", "{", "[", "[}", "{\"a\":}", "/* c */ {}", "[1,]", "{} trailing", "[] []", "\"open", "{\"a\":\"raw\nline\"}", "\u0000" })
            Translate.RefusedWhole(Reason.Malformed, format, body);
        Translate.RefusedWhole(Reason.Malformed, format, "{\"a\":\"\\ud8\"}");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void An_empty_body_is_refused_as_a_whole(string format)
    {
        var reason = format == "alertmanager-api-v2-alerts" ? Reason.SchemaViolation : Reason.Malformed;
        foreach (var body in new[] { "", " \r\n\t", "\uFEFF" })
            Translate.RefusedWhole(reason, format, body);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Nesting_is_accepted_to_its_limit_and_refused_beyond(string format)
    {
        string Nested(int levels) => new string('[', levels) + new string(']', levels);
        var deepest = Translate.Body(format, Nested(IntakeLimits.MaxDepth));
        Assert.DoesNotContain(deepest.Refused, r => r.Reason is Reason.TooDeep or Reason.Malformed);
        Translate.RefusedWhole(Reason.TooDeep, format, Nested(IntakeLimits.MaxDepth + 1));
        Translate.RefusedWhole(Reason.TooDeep, format, string.Concat(Enumerable.Repeat("{\"a\":", 100_000)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_root_of_another_type_is_refused_as_a_whole(string format)
    {
        foreach (var body in new[] { "1", "\"text\"", "true" })
            Translate.RefusedWhole(Reason.WrongType, format, body);
    }

    [Theory]
    [InlineData("alertmanager-webhook-v4", """{"alerts":[{"status":"firing","labels":{"alertname":"A"}}]}""")]
    [InlineData("alertmanager-api-v2-alerts", """[{"labels":{"alertname":"A"}}]""")]
    [InlineData("pagerduty-events-v2", """{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"resolve","dedup_key":"A"}""")]
    [InlineData("generic-json", """{"title":"A"}""")]
    [InlineData("cloudevents-structured", """{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"title":"A"}}""")]
    public void A_byte_order_mark_is_skipped(string format, string body)
    {
        var marked = Translate.Body(format, Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(body)).ToArray());
        Assert.Equal("A", Assert.Single(marked.Alerts).Title);
    }

    [Theory]
    [InlineData("alertmanager-webhook-v4", """{"alerts":[]}""")]
    [InlineData("alertmanager-api-v2-alerts", "[]")]
    [InlineData("alertmanager-api-v2-alerts", "null")]
    [InlineData("generic-json", "[]")]
    [InlineData("cloudevents-batch", "[]")]
    public void A_request_without_alerts_is_understood_and_noted(string format, string body)
    {
        var translation = Translate.Body(format, body);
        Assert.Empty(translation.Alerts);
        Assert.Empty(translation.Refused);
        Assert.Equal("the request carries no alert", translation.Note);
    }
}
