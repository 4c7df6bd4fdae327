using System.Text;
using Incidents.Fuzz.Grammar;

namespace Incidents.Fuzz.Targets.Intake;

/// <summary>Every format that alerts come in, each with small examples of our own.</summary>
internal static class IntakeTargets
{
    private const string Webhook = """{"version":"4","groupKey":"{}:{}","status":"firing","receiver":"r","truncatedAlerts":0,"alerts":[{"status":"firing","labels":{"alertname":"Slow","severity":"warning","job":"web"},"annotations":{"summary":"Sl\u00f6w","runbook_url":"https://r/"},"startsAt":"2026-11-22T10:41:08.85Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p/g?a=1&b=2","fingerprint":"5dc1fef439cf2097"},{"status":"resolved","labels":{"a":"b"},"endsAt":"2026-11-22T11:00:00Z"}]}""";
    private const string Api = """[{"labels":{"alertname":"Down","job":"j"},"annotations":{"d":"\ud83d\ude42"},"startsAt":"2026-11-22T10:41:08Z","endsAt":"2026-11-22T13:41:08+01:00","generatorURL":"http://u@h:1/%41?x#y"},{"labels":{"a":"b"}}]""";
    private const string PagerDuty = """{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"trigger","dedup_key":"k","payload":{"summary":"S","source":"s","severity":"error","timestamp":"2026-01-01T00:00:00Z","component":"db","custom_details":{"a":[1,{"b":null}]}},"links":[{"href":"https://l","text":"t"}],"images":[{"src":"https://i"}],"client":"c","client_url":"https://c"}""";
    private const string Generic = """{"alerts":[{"action":"resolve","dedup_key":"k","title":"T","severity":"p1","labels":{"a":1.5e3},"details":{"x":{}},"links":["https://l",{"href":"https://m","text":"m"}],"started_at":1767225600.25,"ended_at":"2026-01-01T00:00:00Z","more":[1]},{"title":"U"}]}""";
    private const string Event = """{"specversion":"1.0","id":"1","source":"/s","type":"x.disk.resolved","subject":"db1","time":"2026-01-01T00:00:00Z","severitytext":"high","traceparent":"00-1-2-03","datacontenttype":"application/json","data":{"title":"T","labels":{"m":"/"},"severity":"critical"}}""";

    private static readonly string[] Types = ["application/json", "application/cloudevents+json", "application/cloudevents-batch+json; charset=utf-8", "application/cloudevents+avro", "text/plain", "APPLICATION/X+JSON", "", ";", "/json", "image/png"];

    public static IEnumerable<ITarget> All { get; } =
    [
        Plain("alertmanager-webhook-v4", AlertGrammar.Webhook, Webhook),
        Plain("alertmanager-webhook-v3", AlertGrammar.Webhook, Webhook),
        Plain("alertmanager-api-v2-alerts", AlertGrammar.Api, Api),
        Plain("pagerduty-events-v2", AlertGrammar.PagerDuty, PagerDuty),
        Plain("generic-json", AlertGrammar.Generic, Generic),
        Events("cloudevents-structured"), Events("cloudevents-binary"), Events("cloudevents-batch"),
    ];

    private static IntakeTarget Plain(string format, Func<Random, string> body, string example) =>
        new(format, random => Message.Of(body(random)), [Message.Of(example), Message.Of("[]"), Message.Of("")]);

    private static IntakeTarget Events(string format) => new(format, MakeEvent,
    [
        Message.Of(Event, "Content-Type: application/cloudevents+json"), Message.Of("[" + Event + "]", "Content-Type: application/cloudevents-batch+json"), Message.Of(Event), Message.Of("[" + Event + "," + Event + "]"),
        Message.Of(Generic, "ce-specversion: 1.0", "ce-id: 1", "ce-source: /s", "ce-type: x.triggered", "ce-subject: db%C3%A9", "ce-time: 2026-01-01T00:00:00Z", "ce-severity: \"high\"", "Content-Type: application/json"),
        Message.Of("some text", "ce-specversion: 1.0", "ce-id: 1", "ce-source: /s", "ce-type: x.ok", "ce-subject: s", "Content-Type: text/plain"),
        Message.Of("""{"specversion":"1.0","id":"1","source":"/s","type":"x","data_base64":"eyJ0aXRsZSI6IlQifQ==","datacontenttype":"a/b+json"}""", "content-type: application/cloudevents+json"),
    ]);

    private static byte[] MakeEvent(Random random) => random.Next(3) switch
    {
        0 => Message.Of(AlertGrammar.Event(random), random.Chance(80) ? ["Content-Type: application/cloudevents+json"] : []),
        1 => Message.Of(AlertGrammar.Events(random), random.Chance(80) ? ["Content-Type: application/cloudevents-batch+json"] : []),
        _ => Message.Of(random.Chance(80) ? AlertGrammar.GenericAlert(random) : random.OddText(), [.. Attributes(random)]),
    };

    private static IEnumerable<string> Attributes(Random random)
    {
        if (random.Chance(85))
            yield return "Content-Type: " + random.Pick(Types);
        foreach (var name in new[] { "specversion", "id", "source", "type", "subject", "time", "title", "severity", "status", "action", "dedupkey", "severitytext", "sequence", "dataschema", "data", "datacontenttype", "", "é" }.Where(_ => random.Chance(70)))
            yield return $"{random.Pick("ce-", "CE-", "Ce-")}{name}: {(name == "specversion" ? "1.0" : Value(random))}";
    }

    private static string Value(Random random) => random.Next(5) switch
    {
        0 => "2026-01-01T00:00:00Z",
        1 => random.Pick("x.resolved", "ack", "\"quoted \\\" text\"", "%E2%82%AC", "%e2%82", "%", "%4", "%zz", "\"", "\"\"", "\\", "\"\\\"", "%22%5C"),
        2 => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(random.OddText().ReplaceLineEndings(" "))),
        _ => random.Pick("a", "/s", "critical", "k"),
    };
}
