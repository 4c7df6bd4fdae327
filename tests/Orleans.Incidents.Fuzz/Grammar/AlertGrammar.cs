using static Incidents.Fuzz.Grammar.JsonGrammar;

namespace Incidents.Fuzz.Grammar;

/// <summary>The bodies that senders write, format by format.</summary>
internal static class AlertGrammar
{
    private static readonly string[] Labels = ["alertname", "severity", "job", "service", "instance", "cluster", "team", "__name__", "a", "é"];
    private static readonly string[] Notes = ["summary", "title", "description", "message", "runbook_url", "dashboard_url", "note"];
    private static readonly string[] Times =
    [
        "2026-11-22T10:41:08.850475Z", "2026-11-22T10:41:08+01:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999-23:59", "2026-02-30T00:00:00Z", "2026-11-22 10:41", "2016-12-31T23:59:60Z",
        "2026-11-22T10:41:08,5Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "now", "1767225600", "2026-11-22T10:41:08.Z", "2026-11-22T24:00:00Z", "2026-11-22T10:41:08-0730",
    ];

    private static readonly string[] Links = ["https://h/p?q=1#f", "http://h", "ftp://h", "javascript:alert(1)", "http://[::1]:9090/%41", "//h", "http://u:p@h:1", "http://h:99999/", "http://%zz/", "/graph?g0.expr=up", "http://h/ö", "http://[", "mailto:x@y", "http://h\u0001/"];
    private static readonly string[] Severities = ["critical", "error", "warning", "info", "P1", "sev2", "FATAL", " high ", "odd", ""];
    private static readonly string[] Actions = ["trigger", "acknowledge", "resolve", "firing", "resolved", "OK", "ack", "explode", ""];

    public static string Webhook(Random random) => Object(random,
        ("version", () => Text(random, random.Pick("4", "3", "5", ""))),
        ("groupKey", () => random.Chance(50) ? "\"{}:{alertname=\\\"A\\\"}\"" : "5615590933959184469"),
        ("status", () => Text(random, random.Pick("firing", "resolved", "odd"))),
        ("receiver", () => "\"r\""),
        ("truncatedAlerts", () => random.Pick("0", "3", "-1", "1e9")),
        ("alerts", () => Array(random, () => Object(random, [
            ("status", () => Text(random, random.Pick("firing", "resolved", "Firing", ""))), .. Parts(random), ("fingerprint", () => Text(random, random.Pick("5dc1fef439cf2097", "x", "", random.OddText())))]))),
        ("groupLabels", () => Texts(random, Labels)),
        ("commonLabels", () => Texts(random, Labels)),
        ("commonAnnotations", () => Texts(random, Notes)),
        ("externalURL", () => Link(random)));

    public static string Api(Random random) => Array(random, () => Object(random, Parts(random)), 6);

    public static string PagerDuty(Random random) => Object(random,
        ("routing_key", () => Text(random, random.Pick("0123456789abcdef0123456789abcdef", "short", ""))),
        ("event_action", () => Text(random, random.Pick("trigger", "acknowledge", "resolve", "explode"))),
        ("dedup_key", () => Text(random, random.Pick("k", "", random.OddText(), new string('k', 256)))),
        ("payload", () => Object(random,
            ("summary", () => Text(random, random.Pick("S", random.OddText(), new string('s', 2_000)))),
            ("source", () => Text(random, random.OddText())),
            ("severity", () => Text(random, random.Pick(Severities))),
            ("timestamp", () => Time(random)),
            ("component", () => Text(random, random.OddText())),
            ("group", () => Text(random, random.OddText())),
            ("class", () => Text(random, random.OddText())),
            ("custom_details", () => Any(random)))),
        ("links", () => Array(random, () => Object(random, ("href", () => Link(random)), ("text", () => Text(random, random.OddText()))))),
        ("images", () => Array(random, () => Object(random, ("src", () => Link(random)), ("href", () => Link(random)), ("alt", () => Text(random, random.OddText()))))),
        ("client", () => Text(random, random.OddText())),
        ("client_url", () => Link(random)));

    public static string Generic(Random random) => random.Next(3) switch
    {
        0 => GenericAlert(random),
        1 => Array(random, () => GenericAlert(random)),
        _ => "{\"alerts\":" + Array(random, () => GenericAlert(random)) + "}",
    };

    public static string Event(Random random) => Object(random,
        ("specversion", () => Text(random, random.Next(10) > 0 ? "1.0" : random.Pick("0.3", "1", ""))),
        ("id", () => Text(random, random.Pick("A-1", "A-2", random.OddText()))),
        ("source", () => Text(random, random.Pick("/disks", random.OddText()))),
        ("type", () => Text(random, random.Pick("com.example.disk.triggered", "com.example.disk.resolved", "x", ".", random.OddText()))),
        ("subject", () => Text(random, random.Pick("db1", random.OddText()))),
        ("time", () => Time(random)),
        ("datacontenttype", () => Text(random, random.Pick("application/json", "text/plain", "application/x+json; charset=utf-8", "APPLICATION/JSON", "image/png", "", ";", "/"))),
        ("severity", () => Text(random, random.Pick(Severities))),
        ("severitytext", () => Text(random, random.Pick(Severities))),
        ("traceparent", () => "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\""),
        (random.Chance(70) ? "data" : "data_base64", () => random.Pick(GenericAlert(random), Text(random, random.OddText()), Text(random, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(GenericAlert(random)))), Any(random))));

    public static string Events(Random random) => Array(random, () => Event(random), 5);

    public static string GenericAlert(Random random) => Object(random,
        (random.Pick("action", "status"), () => Text(random, random.Pick(Actions))),
        (random.Pick("dedup_key", "dedupKey", "dedup"), () => Text(random, random.Pick("k", random.OddText(), new string('k', 1_100)))),
        (random.Pick("title", "summary", "message"), () => Text(random, random.Pick("T", random.OddText(), new string('t', random.Next(1_015, 1_025)) + "🙂🙂🙂🙂🙂🙂"))),
        ("severity", () => Text(random, random.Pick(Severities))),
        ("service", () => Text(random, random.OddText())),
        ("source", () => Text(random, random.OddText())),
        ("labels", () => Texts(random, Labels)),
        (random.Pick("annotations", "details"), () => Texts(random, Notes)),
        ("links", () => random.Pick(Link(random), Array(random, () => random.Chance(50) ? Link(random) : Object(random, ("href", () => Link(random)), ("text", () => Text(random, random.OddText())))))),
        ("started_at", () => random.Chance(50) ? Time(random) : random.Pick("1767225600.25", "1767225600123", "1e17", "99999999999999999999", "-5")),
        ("ended_at", () => Time(random)));

    private static (string Name, Func<string> Value)[] Parts(Random random) =>
    [
        ("labels", () => Texts(random, Labels)), ("annotations", () => Texts(random, Notes)), ("startsAt", () => Time(random)), ("endsAt", () => Time(random)), ("generatorURL", () => Link(random)),
    ];

    private static string Time(Random random) => random.Chance(90) ? Text(random, random.Pick(Times)) : Any(random);

    private static string Link(Random random) => Text(random, random.Chance(85) ? random.Pick(Links) : random.OddText());
}
