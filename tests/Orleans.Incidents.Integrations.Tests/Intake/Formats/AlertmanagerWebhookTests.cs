using Incidents.Alerts;
using Incidents.Audit;
using NodaTime;

namespace Incidents.Testing.Intake.Formats;

public class AlertmanagerWebhookTests
{
    private const string Format = "alertmanager-webhook-v4";

    [Fact]
    public void Each_alert_follows_its_own_status()
    {
        var translation = Translate.Body(Format, """
            {"version":"4","status":"firing","truncatedAlerts":7,"alerts":[
              {"status":"resolved","labels":{"n":"1"},"startsAt":"2026-01-01T00:00:00Z","endsAt":"2026-01-01T00:01:00Z"},
              {"status":"firing","labels":{"n":"2"},"startsAt":"2026-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z"},
              {"status":"FIRING","labels":{"n":"3"},"endsAt":"2020-01-01T00:00:00Z"}]}
            """);
        Assert.Equal([AlertAction.Resolve, AlertAction.Trigger, AlertAction.Trigger], translation.Alerts.Select(a => a.Action));
        Assert.Equal([Instant.FromUtc(2026, 1, 1, 0, 1), null, null], translation.Alerts.Select(a => a.EndedAt));
        Assert.All(translation.Alerts, a => Assert.Null(a.ExpiresAfter));
    }

    [Theory]
    [InlineData("""{"status":"resolved","alerts":[{"labels":{"n":"1"}}]}""", AlertAction.Resolve)]
    [InlineData("""{"alerts":[{"labels":{"n":"1"}}],"status":"resolved"}""", AlertAction.Resolve)]
    [InlineData("""{"alerts":[{"labels":{"n":"1"}}],"status":"firing"}""", AlertAction.Trigger)]
    [InlineData("""{"alerts":[{"labels":{"n":"1"},"status":"firing"}],"status":"resolved"}""", AlertAction.Trigger)]
    [InlineData("""{"alerts":[{"labels":{"n":"1"}}]}""", AlertAction.Trigger)]
    [InlineData("""{"alerts":[{"labels":{"n":"1"},"endsAt":"2020-01-01T00:00:00Z"}]}""", AlertAction.Resolve)]
    [InlineData("""{"alerts":[{"labels":{"n":"1"},"endsAt":"2030-01-01T00:00:00Z"}]}""", AlertAction.Trigger)]
    public void Without_its_own_status_an_alert_follows_its_end_or_its_notification(string body, AlertAction expected) =>
        Assert.Equal(expected, Translate.Single(Format, body).Action);

    [Theory]
    [InlineData("\"5dc1fef439cf2097\"", "5dc1fef439cf2097")]
    [InlineData("\"\\u0061bc\"", "abc")]
    [InlineData("\"\"", "c3868d8f4d8ac0dd")]
    [InlineData("null", "c3868d8f4d8ac0dd")]
    [InlineData("17", "c3868d8f4d8ac0dd")]
    public void The_key_is_the_fingerprint_that_was_sent_else_the_computed_one(string fingerprint, string key) =>
        Assert.Equal(
            fingerprint is "null" or "17" or "\"\"" ? LabelSet.Of("a", "b").FingerprintText : key,
            Translate.Single(Format, $$$"""{"alerts":[{"labels":{"a":"b"},"fingerprint":{{{fingerprint}}}}]}""").DedupKey);

    [Theory]
    [InlineData("""{"summary":"S","title":"T","message":"M","description":"D"}""", "S")]
    [InlineData("""{"summary":" \n ","title":"T","message":"M"}""", "T")]
    [InlineData("""{"message":"M","description":"D"}""", "M")]
    [InlineData("""{"description":" line one\r\n\tline two "}""", "line one line two")]
    [InlineData("""{"other":"x"}""", "Name")]
    public void The_title_is_the_first_annotation_that_is_written_for_people(string annotations, string title) =>
        Assert.Equal(title, Translate.Single(Format, $$$"""{"alerts":[{"labels":{"alertname":"Name"},"annotations":{{{annotations}}}}]}""").Title);

    [Fact]
    public void Without_any_name_the_title_is_the_labels() =>
        Assert.Equal("{a=\"b\", c=\"d\"}", Translate.Single(Format, """{"alerts":[{"labels":{"c":"d","a":"b"}}]}""").Title);

    [Theory]
    [InlineData("""{"service":"s","job":"j"}""", "s")]
    [InlineData("""{"job":"j"}""", "j")]
    [InlineData("""{"x":"y"}""", null)]
    public void The_service_is_its_label_else_the_job(string labels, string? service) =>
        Assert.Equal(service, Translate.Single(Format, $$$"""{"alerts":[{"labels":{{{labels}}}}]}""").Service);

    [Fact]
    public void An_unknown_severity_is_kept_as_written()
    {
        var alert = Translate.Single(Format, """{"alerts":[{"labels":{"severity":"Page"}}]}""");
        Assert.Equal((null, "Page"), (alert.Severity, alert.RawSeverity));
        Assert.Equal(Severity.Warning, Translate.Single(Format, """{"alerts":[{"labels":{"severity":"WARN"}}]}""").Severity);
    }

    [Fact]
    public void Values_that_are_not_strings_become_text()
    {
        var alert = Translate.Single(
            Format, """{"alerts":[{"labels":{"n":12345678901234567890,"b":true,"z":null},"annotations":{"o":{"k":[1, 2]}},"startsAt":12}]}""");
        Assert.Equal(LabelSet.Of("n", "12345678901234567890", "b", "true"), alert.Labels);
        Assert.Equal("""{"k":[1, 2]}""", alert.Annotations["o"]);
        Assert.Null(alert.StartedAt);
    }

    [Fact]
    public void Links_are_the_generator_the_runbook_and_the_dashboard()
    {
        var alert = Translate.Single(Format, """
            {"alerts":[{"labels":{"a":"b"},"generatorURL":"http://p/g?x=1\u0026y=2",
             "annotations":{"runbook_url":"https://r","dashboard_url":"HTTPS://d"}}]}
            """);
        Assert.Equal([new("http://p/g?x=1&y=2", "source"), new("https://r", "runbook"), new("HTTPS://d", "dashboard")], alert.Links.AsEnumerable());
    }

    [Fact]
    public void An_address_that_is_not_for_clicking_stays_text()
    {
        var alert = Translate.Single(
            Format, """{"alerts":[{"labels":{"a":"b"},"generatorURL":"?orgId=1","annotations":{"runbook_url":"javascript:alert(1)"}}]}""");
        Assert.Empty(alert.Links);
        Assert.Equal(LabelSet.Of("generatorURL", "?orgId=1", "runbook_url", "javascript:alert(1)"), alert.Annotations);
    }

    [Theory]
    [InlineData("7", Reason.WrongType)]
    [InlineData("null", Reason.WrongType)]
    [InlineData("""{"labels":"a=b"}""", Reason.WrongType)]
    [InlineData("""{"labels":{"a":"b"},"status":"maybe"}""", Reason.InvalidValue)]
    [InlineData("""{"labels":{}}""", Reason.EmptyLabels)]
    [InlineData("""{"annotations":{"summary":"s"}}""", Reason.EmptyLabels)]
    public void A_bad_alert_is_refused_and_the_others_are_taken(string bad, Reason reason)
    {
        var translation = Translate.Body(Format, $$$"""{"alerts":[{{{bad}}},{"labels":{"n":"1"}}]}""");
        Assert.Equal("1", Assert.Single(translation.Alerts).Labels["n"]);
        Assert.Equal((0, reason), (Assert.Single(translation.Refused).Index, translation.Refused[0].Reason));
    }

    [Fact]
    public void A_fingerprint_makes_up_for_missing_labels() =>
        Assert.Equal("f", Translate.Single(Format, """{"alerts":[{"fingerprint":"f"}]}""").DedupKey);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"alerts":{}}""")]
    public void A_notification_needs_its_alerts(string body) => Translate.RefusedWhole(Reason.MissingField, Format, body);

    [Fact]
    public void A_version_3_body_and_escaped_names_are_read()
    {
        var alert = Translate.Single("alertmanager-webhook-v3", """
            {"version":"3","groupKey":5615590933959184469,"\u0061lerts":[{"l\u0061bels":{"\u0061":"b"},"status":"firing"}]}
            """);
        Assert.Equal(LabelSet.Of("a", "b"), alert.Labels);
        Assert.Equal("alertmanager", alert.Source);
    }
}
