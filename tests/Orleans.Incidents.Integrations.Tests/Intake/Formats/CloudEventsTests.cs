using System.Text;
using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Integrations.Intake;
using NodaTime;

namespace Incidents.Testing.Intake.Formats;

/// <summary>What makes an event an alert, and which.</summary>
public class CloudEventsTests
{
    private const string Format = "cloudevents-structured";

    private const string Disk = """
        {"specversion":"1.0","id":"A-17","source":"/disks","type":"com.example.disk.triggered","subject":"db1","time":"2026-01-01T02:00:00+02:00",
         "region":"eu","count":5,"flag":true,"traceparent":"00-4bf9","unset":null,"dataschema":"https://schemas/disk",
         "data":{"title":"Disk full","severity":"P1","labels":{"mount":"/"},"free":"1 %","links":["https://runbook"]}}
        """;

    [Fact]
    public void The_data_is_read_as_our_own_format_and_the_attributes_fill_what_it_leaves_out()
    {
        var alert = Translate.Single(Format, Disk);
        Assert.Equal((AlertAction.Trigger, AlertIdentity.Key, "/disks|db1|com.example.disk"), (alert.Action, alert.Identity, alert.DedupKey));
        Assert.Equal(("Disk full", Severity.Critical, "P1", "/disks"), (alert.Title, alert.Severity, alert.RawSeverity, alert.Source));
        Assert.Equal(Instant.FromUtc(2026, 1, 1, 0, 0), alert.StartedAt);
        Assert.Null(alert.EndedAt);
        Assert.Equal("https://runbook", Assert.Single(alert.Links).Href);
        Assert.Equal(LabelSet.Of(
            "alertname", "Disk full", "mount", "/", "severity", "P1", "source", "/disks", "subject", "db1", "type", "com.example.disk.triggered",
            "region", "eu", "count", "5", "flag", "true", "dataschema", "https://schemas/disk"), alert.Labels);
        Assert.Equal(LabelSet.Of("event_id", "A-17", "free", "1 %", "traceparent", "00-4bf9"), alert.Annotations);
    }

    [Fact]
    public void The_last_word_of_the_type_ends_what_another_began()
    {
        var end = Translate.Single(Format, Event("com.example.disk.resolved", "\"subject\":\"db1\",\"time\":\"2026-01-01T00:00:00Z\"", source: "/disks"));
        Assert.Equal((AlertAction.Resolve, "/disks|db1|com.example.disk"), (end.Action, end.DedupKey));
        Assert.Equal((null, Instant.FromUtc(2026, 1, 1, 0, 0)), (end.StartedAt, end.EndedAt));
    }

    [Theory]
    [InlineData("com.example.disk", "\"data\":{\"status\":\"resolved\",\"dedup_key\":\"k\"}", AlertAction.Resolve)]
    [InlineData("com.example.disk.resolved", "\"data\":{\"status\":\"firing\",\"dedup_key\":\"k\"}", AlertAction.Trigger)]
    [InlineData("com.example.disk.resolved", "\"dedupkey\":\"k\",\"action\":\"ack\"", AlertAction.Acknowledge)]
    [InlineData("com.example.disk", "\"data\":{\"dedup\":\"k\"}", AlertAction.Trigger)]
    public void The_data_decides_before_an_extension_and_that_before_the_type(string type, string more, AlertAction expected)
    {
        var alert = Translate.Single(Format, Event(type, more));
        Assert.Equal((expected, "k"), (alert.Action, alert.DedupKey));
    }

    [Fact]
    public void Without_key_and_subject_what_is_said_tells_alerts_apart_but_not_how_it_is_delivered()
    {
        string KeyOf(string more, string source = "/s", string id = "1") => Translate.Single(Format, Event("t.firing", more, source, id)).DedupKey;
        var key = KeyOf("\"data\":{\"title\":\"t\",\"labels\":{\"a\":\"1\"}}");
        Assert.Matches("^[0-9a-f]{16}$", key);
        Assert.Equal(key, KeyOf("\"data\":{\"title\":\"t\",\"labels\":{\"a\":\"1\"},\"more\":2},\"traceparent\":\"x\",\"time\":\"2026-01-01T00:00:00Z\"", id: "2"));
        Assert.NotEqual(key, KeyOf("\"data\":{\"title\":\"t\",\"labels\":{\"a\":\"1\"}}", source: "/u"));
        Assert.NotEqual(key, KeyOf("\"data\":{\"title\":\"t\",\"labels\":{\"a\":\"2\"}}"));
        Assert.Equal(AlertIdentity.Labels, Translate.Single(Format, Event("t", "\"data\":{\"title\":\"t\"}")).Identity);
    }

    [Theory]
    [InlineData("\"data\":{\"severity\":\"error\"},\"subject\":\"db1\"", "db1")]
    [InlineData("\"data\":{\"severity\":\"error\"}", "com.example.thing")]
    [InlineData("\"data\":{\"labels\":{\"alertname\":\"Own\"}},\"subject\":\"db1\"", "Own")]
    [InlineData("\"data\":{\"severity\":\"error\",\"message\":\"M\"}", "M")]
    [InlineData("\"data\":{\"summary\":\"S\"},\"title\":\"T\"", "T")]
    [InlineData("\"data\":{\"summary\":\"\\u0001\",\"severity\":\"error\"}", "com.example.thing")]
    public void A_title_is_found(string more, string title) =>
        Assert.Equal(title, Translate.Single(Format, Event("com.example.thing", more)).Title);

    [Theory]
    [InlineData("\"data\":{\"appinfoA\":\"abc\"}")]
    [InlineData("\"data\":{\"message\":\"hello\"}")]
    [InlineData("\"data\":{\"status\":\"open\",\"order\":1}")]
    [InlineData("\"data\":{\"status\":\"closed\"}")]
    [InlineData("\"data\":\"words\"")]
    [InlineData("\"data\":1.5")]
    [InlineData("\"data\":[{\"title\":\"t\"}]")]
    [InlineData("\"data\":null")]
    [InlineData("\"comexampleextension1\":\"v\"")]
    [InlineData("\"data\":\"{\\\"title\\\":\\\"a string stays a string\\\"}\"")]
    [InlineData("\"data\":\"<title/>\",\"datacontenttype\":\"application/xml\"")]
    [InlineData("\"data_base64\":\"eyJ0aXRsZSI6InQifQ==\"")]
    [InlineData("\"data_base64\":\"\",\"datacontenttype\":\"application/json\"")]
    [InlineData("\"data_base64\":null")]
    public void An_event_that_says_nothing_of_an_alert_is_understood_and_opens_nothing(string more)
    {
        var translation = Translate.Body(Format, Event("com.example.someevent", more));
        Assert.Equal((0, 0), (translation.Alerts.Length, translation.Refused.Length));
        Assert.StartsWith("understood, and no alert", translation.Note, StringComparison.Ordinal);
        Assert.Null(translation.RequestKey);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/Vnd.Acme+JSON; charset=utf-8")]
    public void Base64_of_declared_json_is_read(string type)
    {
        var data = Convert.ToBase64String("{\"title\":\"Über\"}"u8);
        Assert.Equal("Über", Translate.Single(Format, Event("t", $"\"data_base64\":\"{data}\",\"datacontenttype\":\"{type}\"")).Title);
    }

    [Fact]
    public void Text_is_kept_where_a_person_sees_it()
    {
        var alert = Translate.Single(Format, Event("t", "\"severity\":\"critical\",\"data\":\"Disk full\",\"datacontenttype\":\"text/plain\""));
        Assert.Equal((Severity.Critical, "Disk full"), (alert.Severity, alert.Annotations["data"]));
        var decoded = Convert.ToBase64String("Disk full"u8);
        Assert.Equal("Disk full", Translate.Single(Format, Event("t", $"\"severity\":\"critical\",\"data_base64\":\"{decoded}\",\"datacontenttype\":\"text/plain\"")).Annotations["data"]);
    }

    [Fact]
    public void An_event_that_is_delivered_again_is_known_by_source_and_id()
    {
        string? KeyOf(string source, string id) => Translate.Body(Format, Event("t", "\"data\":{\"title\":\"t\"}", source, id)).RequestKey;
        Assert.NotNull(KeyOf("/a", "1"));
        Assert.Equal(KeyOf("/a", "1"), KeyOf("/a", "1"));
        Assert.NotEqual(KeyOf("/a", "1"), KeyOf("/a", "2"));
        Assert.NotEqual(KeyOf("/a1", "1"), KeyOf("/a", "11"));
        var alone = Translate.Body("cloudevents-batch", $"[{Event("t", "\"data\":{\"title\":\"t\"}", "/a", "1")}]");
        Assert.Equal(KeyOf("/a", "1"), alone.RequestKey);
    }

    internal static string Event(string type, string more = "", string source = "/s", string id = "1") =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"{{source}}","type":"{{type}}"{{(more.Length > 0 ? "," : "")}}{{more}}}""";
}
