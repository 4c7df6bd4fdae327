using Incidents.Alerts;
using Incidents.Audit;
using NodaTime;

namespace Incidents.Testing.Intake.Formats;

/// <summary>The answers were compared with a running Alertmanager.</summary>
public class AlertmanagerApiTests
{
    private const string Format = "alertmanager-api-v2-alerts";

    [Theory]
    [InlineData("")]
    [InlineData(",\"endsAt\":\"0001-01-01T00:00:00Z\"")]
    [InlineData(",\"endsAt\":\"0001-01-01T01:00:00+01:00\"")]
    [InlineData(",\"endsAt\":null")]
    [InlineData(",\"endsAt\":\"\"")]
    public void Without_an_end_an_alert_fires_until_the_resolve_timeout(string end)
    {
        var alert = Fields(end);
        Assert.Equal((AlertAction.Trigger, Translate.ResolveTimeout, null), (alert.Action, alert.ExpiresAfter, alert.EndedAt));
    }

    [Theory]
    [InlineData("2026-11-22T12:00:00.000000001Z", 1)]
    [InlineData("2026-11-22T13:30:00+01:00", 1_800_000_000_000)]
    public void A_future_end_fires_until_then(string end, long nanoseconds)
    {
        var alert = Fields($",\"endsAt\":\"{end}\"");
        Assert.Equal((AlertAction.Trigger, Duration.FromNanoseconds(nanoseconds), null), (alert.Action, alert.ExpiresAfter, alert.EndedAt));
    }

    [Theory]
    [InlineData("2026-11-22T12:00:00Z")]
    [InlineData("2020-01-01T00:00:00Z")]
    public void An_end_that_is_not_ahead_resolves(string end)
    {
        var alert = Fields($",\"endsAt\":\"{end}\"");
        Assert.Equal(AlertAction.Resolve, alert.Action);
        Assert.Null(alert.ExpiresAfter);
        Assert.Null(alert.StartedAt);
        Assert.Equal(end[..10], alert.EndedAt!.Value.ToString()[..10]);
    }

    [Theory]
    [InlineData("""{"labels":{"a":"b"}}""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":{"a":1}}]""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":{"a":["b"]}}]""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":["a"]}]""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":{"a":"b"},"annotations":{"a":true}}]""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":{"a":"b"},"annotations":[]}]""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":{"a":"b"},"startsAt":12}]""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":{"a":"b"},"endsAt":"tomorrow"}]""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":{"a":"b"},"generatorURL":{}}]""")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":{"a":1},"labels":{"a":"b"}}]""")]
    [InlineData("""[{"labels":{"a":"b"}},7]""")]
    [InlineData("""[{"labels":{"a":"b"},"generatorURL":"not a url"},{"labels":{"a":1}}]""")]
    public void A_wrong_type_anywhere_refuses_the_request(string body) => Translate.RefusedWhole(Reason.WrongType, Format, body);

    [Theory]
    [InlineData("""[{"labels":{"a":"b"}},{}]""", "1.labels in body is required")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":null}]""", "1.labels in body is required")]
    [InlineData("""[{"labels":{"a":"b"}},null]""", "1.labels in body is required")]
    [InlineData("""[{"labels":{}},{"labels":{"a":"b"},"generatorURL":"x y"}]""", "1.generatorURL in body must be of type uri")]
    public void A_breach_of_the_schema_refuses_the_request(string body, string detail)
    {
        Translate.RefusedWhole(Reason.SchemaViolation, Format, body);
        Assert.Equal(detail, Translate.Refused(Format, body).Detail);
    }

    [Theory]
    [InlineData("""{"labels":{}}""", Reason.EmptyLabels, "at least one label pair required")]
    [InlineData("""{"labels":{"a":"","b":null}}""", Reason.EmptyLabels, "at least one label pair required")]
    [InlineData("""{"labels":{"a":"b","":"c"}}""", Reason.InvalidValue, "invalid label set: invalid name \"\"")]
    [InlineData("""{"labels":{"a":"b"},"annotations":{"":"c"}}""", Reason.InvalidValue, "invalid annotations: invalid name \"\"")]
    [InlineData("""{"labels":{"a":"b"},"startsAt":"2026-01-02T00:00:00Z","endsAt":"2026-01-01T00:00:00Z"}""", Reason.InvalidValue, "start time must be before end time")]
    [InlineData("""{"labels":{"a":"b"},"startsAt":"2026-11-22T12:05:00.000000001Z"}""", Reason.InvalidValue, "start time must be before end time")]
    public void An_invalid_alert_is_refused_and_the_good_ones_are_taken(string bad, Reason reason, string detail)
    {
        var translation = Translate.Body(Format, $$$"""[{"labels":{"n":"1"}},{{{bad}}},{"labels":{"n":"2"}}]""");
        Assert.Equal(["1", "2"], translation.Alerts.Select(a => a.Labels["n"]));
        var refusal = Assert.Single(translation.Refused);
        Assert.Equal((1, reason, detail), (refusal.Index, refusal.Reason, refusal.Detail));
    }

    [Fact]
    public void A_start_as_late_as_the_resolve_timeout_is_valid() =>
        Assert.Equal(Translate.Now + Translate.ResolveTimeout, Fields(""","startsAt":"2026-11-22T12:05:00Z" """).StartedAt);

    [Fact]
    public void The_last_of_equal_names_wins()
    {
        var alert = Translate.Single(Format, """[{"labels":{"a":"1","b":"x","a":"2","b":""}}]""");
        Assert.Equal(LabelSet.Of("a", "2"), alert.Labels);
    }

    [Fact]
    public void Text_that_is_not_unicode_is_repaired_as_go_does()
    {
        var alert = Translate.Single(Format, """[{"labels":{"t":"sur","a":"\ud800x"}}]""");
        Assert.Equal("\uFFFDx", alert.Labels["a"]);
        Assert.Equal("47ce7e706c7baeed", alert.DedupKey);
        Assert.Equal("7160fb584e90998d", Translate.Single(Format, """[{"labels":{"t":"nul","a":"\u0000"}}]""").DedupKey);
        Assert.Equal("b504e0779295b205", Assert.Single(Translate.Body(
            Format, (byte[])[.. """[{"labels":{"t":"inv","a":" """u8[..^1], 0xFF, 0xFE, .. "\"}}]"u8]).Alerts).DedupKey);
    }

    [Fact]
    public void A_value_is_never_read_strictly_because_it_was_read_leniently_before()
    {
        const string Labels = """{"alertname":"Shared","n":17}""";
        for (var i = 0; i < 3; i++)
            Assert.Equal("17", Translate.Single("alertmanager-webhook-v4", $$$"""{"alerts":[{"labels":{{{Labels}}}}]}""").Labels["n"]);
        Translate.RefusedWhole(Reason.WrongType, Format, $$$"""[{"labels":{{{Labels}}}}]""");
    }

    [Fact]
    public void Labels_sent_again_are_the_same_object()
    {
        const string Body = """[{"labels":{"alertname":"Again","instance":"a"}}]""";
        for (var i = 0; i < 2; i++)
            Translate.Single(Format, Body);
        Assert.Same(Translate.Single(Format, Body).Labels, Translate.Single(Format, Body).Labels);
    }

    private static Alert Fields(string more) => Translate.Single(Format, $$$"""[{"labels":{"alertname":"A"}{{{more}}}}]""");
}
