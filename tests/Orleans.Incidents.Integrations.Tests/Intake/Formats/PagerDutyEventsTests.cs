using System.Text;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake;
using Incidents.Integrations.Intake.PagerDutyEvents;
using NodaTime;

namespace Incidents.Testing.Intake.Formats;

public class PagerDutyEventsTests
{
    private const string Format = "pagerduty-events-v2";
    private const string Key = "\"routing_key\":\"0123456789abcdef0123456789abcdef\"";
    private const string Payload = "\"payload\":{\"summary\":\"S\",\"source\":\"host\",\"severity\":\"error\"}";

    [Fact]
    public void A_full_trigger_keeps_everything()
    {
        var alert = Translate.Single(Format, $$$"""
            {{{{Key}}},"event_action":"trigger","dedup_key":"k","client":"Monitor","client_url":"https://m","extra":[1],
             "payload":{"summary":"Line one\nline two","source":"db1","severity":"critical","timestamp":"2015-07-17T08:42:58.315+0000",
               "component":"postgres","group":"prod","class":"deploy","unknown":true,
               "custom_details":{"ping":"1500ms","load":0.75,"tags":["a","b"]}},
             "links":[{"href":"https://l","text":"L"},{"href":"javascript:x"},7],
             "images":[{"src":"https://i/1.png","alt":"I"},{"src":"https://i/2.png","href":"https://h"}]}
            """);
        Assert.Equal(("k", AlertIdentity.Key, AlertAction.Trigger), (alert.DedupKey, alert.Identity, alert.Action));
        Assert.Equal(("Line one line two", "postgres", "db1"), (alert.Title, alert.Service, alert.Source));
        Assert.Equal(Instant.FromUtc(2015, 7, 17, 8, 42, 58) + Duration.FromMilliseconds(315), alert.StartedAt);
        Assert.Equal(LabelSet.Of("source", "db1", "severity", "critical", "component", "postgres", "group", "prod", "class", "deploy"), alert.Labels);
        Assert.Equal(LabelSet.Of("ping", "1500ms", "load", "0.75", "tags", "[\"a\",\"b\"]", "unknown", "true", "extra", "[1]", "client", "Monitor"), alert.Annotations);
        Assert.Equal(
            [new("https://m", "Monitor"), new("https://l", "L"), new("https://i/1.png", "I"), new("https://h", "")], alert.Links.AsEnumerable());
    }

    [Theory]
    [InlineData("acknowledge", AlertAction.Acknowledge)]
    [InlineData("resolve", AlertAction.Resolve)]
    public void What_has_a_key_needs_no_payload(string action, AlertAction expected)
    {
        var alert = Translate.Single(Format, $$$"""{{{{Key}}},"event_action":"{{{action}}}","dedup_key":"k"}""");
        Assert.Equal((expected, "k", null), (alert.Action, alert.Title, alert.Severity));
    }

    [Theory]
    [InlineData("{}", "'routing_key' is missing or blank", "'event_action' is missing or blank")]
    [InlineData("""{"routing_key":" ","event_action":"resolve"}""", "'routing_key' is missing or blank", "'dedup_key' is missing or blank")]
    [InlineData("""{"routing_key":"short","event_action":"stop"}""", "Length of 'routing_key' is incorrect (should be 32 characters)", "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')")]
    [InlineData($$$"""{{{{Key}}},"event_action":"trigger"}""", "'payload' is missing or blank")]
    [InlineData($$$"""{{{{Key}}},"event_action":"trigger","payload":"text"}""", "'payload' is missing or blank")]
    [InlineData($$$"""{{{{Key}}},"event_action":"trigger","payload":{"severity":"page"}}""", "'payload.summary' is missing or blank", "'payload.source' is missing or blank", "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')")]
    [InlineData($$$"""{{{{Key}}},"event_action":"trigger","payload":{"summary":"s","source":"x","severity":"Error"}}""", "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')")]
    public void Each_error_is_listed_in_pagerdutys_words(string body, params string[] errors)
    {
        var translation = Translate.Body(Format, body);
        Assert.Empty(translation.Alerts);
        Assert.Equal(errors, translation.Refused.Select(r => r.Detail));
        Assert.All(translation.Refused, r => Assert.Equal(-1, r.Index));
        Assert.All(translation.Refused, r => Assert.Contains(r.Reason, new[] { Reason.MissingField, Reason.InvalidValue }));
    }

    [Theory]
    [InlineData(255, 1024, 0)]
    [InlineData(256, 1025, 2)]
    public void Lengths_are_counted_in_characters(int key, int summary, int errors)
    {
        string Long(int length) => string.Concat(Enumerable.Repeat("🙂", length));
        var body = $$$"""{{{{Key}}},"event_action":"trigger","dedup_key":"{{{Long(key)}}}","payload":{"summary":"{{{Long(summary)}}}","source":"s","severity":"info"}}""";
        Assert.Equal(errors, Translate.Body(Format, body).Refused.Length);
    }

    [Fact]
    public void A_trigger_without_a_key_gets_one_that_a_second_run_of_the_request_gets_too()
    {
        var body = Encoding.UTF8.GetBytes($$$"""{{{{Key}}},"event_action":"trigger",{{{Payload}}}}""");
        string Generated(IntakeContext context) => Translators.Find(Format)!.Translate(body, context).Alerts[0].DedupKey;
        var first = Generated(Translate.Context("request-1"));
        Assert.Matches("^[0-9a-f]{32}$", first);
        Assert.Equal(first, Generated(Translate.Context("request-1") with { ReceivedAt = Translate.Now + Duration.FromSeconds(1) }));
        Assert.NotEqual(first, Generated(Translate.Context("request-2")));
        Assert.Equal(Generated(Translate.Context()), Generated(Translate.Context()));
        Assert.NotEqual(Generated(Translate.Context()), Generated(Translate.Context() with { ReceivedAt = Translate.Now + Duration.Epsilon }));
    }

    [Theory]
    [InlineData("not a time", "not a time")]
    [InlineData("2026-01-01T00:00:00Z", "")]
    public void A_timestamp_that_cannot_be_read_stays_an_annotation(string timestamp, string annotation)
    {
        var body = $$$"""{{{{Key}}},"event_action":"trigger","payload":{"summary":"s","source":"s","severity":"info","timestamp":"{{{timestamp}}}"}}""";
        var alert = Translate.Single(Format, body);
        Assert.Equal(annotation, alert.Annotations["timestamp"]);
        Assert.Equal(annotation.Length == 0, alert.StartedAt is not null);
    }

    [Theory]
    [InlineData($$$"""{"payload":{"routing_key":"inner"},{{{Key}}}}""", "0123456789abcdef0123456789abcdef")]
    [InlineData("""{"routing_key":"first","routing_key":"l\u0061st"}""", "last")]
    [InlineData("""{"routing_key":" "}""", null)]
    [InlineData("""{"routing_key":17}""", null)]
    [InlineData("""["routing_key"]""", null)]
    [InlineData("""{"routing_key":"cut""", null)]
    [InlineData("""{"routing_key":"whole"} rest""", null)]
    [InlineData("", null)]
    public void The_routing_key_is_found_without_translating(string body, string? key) =>
        Assert.Equal(key, PagerDutyRoutingKey.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void No_detail_repeats_the_routing_key() =>
        Assert.DoesNotContain(Translate.Body(Format, """{"routing_key":"my-secret"}""").Refused, r => r.Detail.Contains("my-secret", StringComparison.Ordinal));
}
