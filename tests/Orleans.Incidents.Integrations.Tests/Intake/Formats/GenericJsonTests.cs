using Incidents.Alerts;
using Incidents.Audit;
using NodaTime;

namespace Incidents.Testing.Intake.Formats;

public class GenericJsonTests
{
    private const string Format = "generic-json";

    [Fact]
    public void A_title_is_enough()
    {
        var alert = Translate.Single(Format, """{"title":"Disk full"}""");
        Assert.Equal((AlertAction.Trigger, AlertIdentity.Labels, "Disk full", "generic"), (alert.Action, alert.Identity, alert.Title, alert.Source));
        Assert.Equal(LabelSet.Of("alertname", "Disk full"), alert.Labels);
        Assert.Null(alert.Severity);
    }

    [Fact]
    public void Every_field_has_its_place()
    {
        var alert = Translate.Single(Format, """
            {"status":"firing","dedup_key":"k","title":"T","severity":"P1","service":"db","source":"cron","labels":{"host":"a","n":1},
             "annotations":{"free":"1 %"},"details":{"o":{"x":1}},"links":["https://l",{"url":"https://m","title":"M\n"}],
             "started_at":"2026-01-01T00:00:00+02:00","summary":"left over","odd":[true]}
            """);
        Assert.Equal(("k", AlertIdentity.Key, "T", "db", "cron"), (alert.DedupKey, alert.Identity, alert.Title, alert.Service, alert.Source));
        Assert.Equal((Severity.Critical, "P1"), (alert.Severity, alert.RawSeverity));
        Assert.Equal(LabelSet.Of("alertname", "T", "host", "a", "n", "1", "severity", "P1", "service", "db", "source", "cron"), alert.Labels);
        Assert.Equal(LabelSet.Of("free", "1 %", "o", "{\"x\":1}", "summary", "left over", "odd", "[true]"), alert.Annotations);
        Assert.Equal([new("https://l", ""), new("https://m", "M")], alert.Links.AsEnumerable());
        Assert.Equal(Instant.FromUtc(2025, 12, 31, 22, 0), alert.StartedAt);
    }

    [Theory]
    [InlineData("dedup_key")]
    [InlineData("dedupKey")]
    [InlineData("deduplication_key")]
    [InlineData("dedup")]
    public void The_key_has_aliases(string name) =>
        Assert.Equal("12345678901234567890", Translate.Single(Format, $$"""{"{{name}}":12345678901234567890,"action":"resolve"}""").DedupKey);

    [Theory]
    [InlineData("""{"message":"M"}""", "M")]
    [InlineData("""{"message":"M","summary":"S"}""", "S")]
    [InlineData("""{"message":"M","summary":"S","title":"T"}""", "T")]
    [InlineData("""{"title":" ","summary":"S"}""", "S")]
    [InlineData("""{"title":{},"summary":"S"}""", "S")]
    public void The_title_has_aliases(string body, string title) => Assert.Equal(title, Translate.Single(Format, body).Title);

    [Theory]
    [InlineData("\"trigger\"", AlertAction.Trigger)]
    [InlineData("\"ACK\"", AlertAction.Acknowledge)]
    [InlineData("\" Resolved \"", AlertAction.Resolve)]
    [InlineData("\"ok\"", AlertAction.Resolve)]
    [InlineData("null", AlertAction.Trigger)]
    [InlineData("\"\"", AlertAction.Trigger)]
    public void The_action_is_a_word(string word, AlertAction expected) =>
        Assert.Equal(expected, Translate.Single(Format, $$"""{"title":"t","status":{{word}}}""").Action);

    [Fact]
    public void Without_a_key_labels_and_title_tell_alerts_apart()
    {
        string KeyOf(string body) => Translate.Single(Format, body).DedupKey;
        var key = KeyOf("""{"title":"t","labels":{"a":"1"}}""");
        Assert.Matches("^[0-9a-f]{16}$", key);
        Assert.Equal(key, KeyOf("""{"action":"resolve","severity":"info","source":"s","labels":{"a":"1"},"title":"t"}"""));
        Assert.NotEqual(key, KeyOf("""{"title":"u","labels":{"a":"1"}}"""));
        Assert.NotEqual(key, KeyOf("""{"title":"t","labels":{"a":"2"}}"""));
    }

    [Theory]
    [InlineData("""[{"title":"a"},{"title":"b"}]""")]
    [InlineData("""{"alerts":[{"title":"a"},{"title":"b"}]}""")]
    public void Many_alerts_come_as_an_array(string body) =>
        Assert.Equal(["a", "b"], Translate.Body(Format, body).Alerts.Select(a => a.Title));

    [Theory]
    [InlineData("{}", Reason.MissingField)]
    [InlineData("""{"action":"trigger","dedup_key":"k"}""", Reason.MissingField)]
    [InlineData("""{"action":"resolve","labels":{"a":"b"}}""", Reason.MissingField)]
    [InlineData("""{"action":"explode","title":"t"}""", Reason.InvalidValue)]
    [InlineData("[]", Reason.WrongType)]
    [InlineData("null", Reason.WrongType)]
    public void A_bad_alert_is_refused_and_the_others_are_taken(string bad, Reason reason)
    {
        var translation = Translate.Body(Format, $$"""[{"title":"a"},{{bad}},{"title":"b"}]""");
        Assert.Equal(["a", "b"], translation.Alerts.Select(a => a.Title));
        Assert.Equal((1, reason), (Assert.Single(translation.Refused).Index, translation.Refused[0].Reason));
    }

    [Theory]
    [InlineData("\"2026-01-01T00:00:00Z\"")]
    [InlineData("1767225600")]
    [InlineData("1767225600000")]
    [InlineData("\"1767225600000000000\"")]
    public void Times_are_rfc_3339_or_since_the_epoch(string time)
    {
        var alert = Translate.Single(Format, $$"""{"title":"t","action":"resolve","ended_at":{{time}}}""");
        Assert.Equal(Instant.FromUtc(2026, 1, 1, 0, 0), alert.EndedAt);
    }

    [Fact]
    public void What_cannot_be_read_stays_readable()
    {
        var alert = Translate.Single(Format, """{"title":"t","started_at":"soon","details":"words","annotations":[1]}""");
        Assert.Equal(LabelSet.Of("started_at", "soon", "details", "words", "annotations", "[1]"), alert.Annotations);
        Assert.Null(alert.StartedAt);
    }

    [Theory]
    [InlineData("\"https://l\"", "https://l", "")]
    [InlineData("""{"href":"https://l"}""", "https://l", "")]
    [InlineData("""["javascript:x","https://l"]""", "https://l", """["javascript:x","https://l"]""")]
    [InlineData("\"ftp://l\"", null, "ftp://l")]
    [InlineData("null", null, "")]
    public void What_is_no_link_stays_an_annotation(string links, string? link, string annotation)
    {
        var alert = Translate.Single(Format, $$$"""{"title":"t","links":{{{links}}}}""");
        Assert.Equal(link, alert.Links.SingleOrDefault()?.Href);
        Assert.Equal(annotation, alert.Annotations["links"]);
    }

    [Fact]
    public void An_end_by_a_key_that_nobody_can_read_still_has_a_line_for_people()
    {
        var alert = Translate.Single(Format, """{"dedup_key":"\u0001","action":"resolve"}""");
        Assert.Equal(("\u0001", "no title"), (alert.DedupKey, alert.Title));
    }

    [Fact]
    public void Severity_and_service_may_stand_in_the_labels()
    {
        var alert = Translate.Single(Format, """{"title":"t","labels":{"severity":"warning","service":"web"}}""");
        Assert.Equal((Severity.Warning, "web"), (alert.Severity, alert.Service));
    }
}
