using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Incidents.Fuzz.Grammar;
using Microsoft.OpenApi;

namespace Incidents.Fuzz.Http;

/// <summary>Makes requests from the server's own description, each a little wrong.</summary>
internal sealed partial class RequestMaker(Random random, OpenApiDocument document, Known known)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"];
    private static readonly string[] Undescribed = ["/", "/app.js", "/icon.svg", "/openapi/v1.json", "/openapi/v2.json", "/sign-in/x", "/api/v1/backups", "/api", "/api/v1/", "/api/v1/nowhere", "//", "/../../etc/passwd", "/%2e%2e/", "/API/V1/Incidents", "/api/v1/incidents/../services"];
    private static readonly string[] Odd = ["0", "-1", "1", "99999999999999999999", "9223372036854775807", "x", "%00", "%ff", "%F0%9F%99%82", "%E2%82", "a%2Fb", "'", "%27%20OR%201=1", "", "%0d%0aX:y", "..", "null", "1e3", "+5", "0x10", "%5B%5D", "a;b", "00000000000000000000000000", "%D9%A7"];

    private readonly Mutator _mutator = new(random, [.. new[] { "\r\n", " ", ":", "HTTP/1.0", "HTTP/3.0", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "%", "?", "&", "/", "\0" }.Select(Encoding.ASCII.GetBytes)]);
    private readonly (string Method, string Path, OpenApiOperation Operation)[] _operations =
        [.. document.Paths.SelectMany(p => p.Value.Operations!.Select(o => (o.Key.Method, p.Key, o.Value)))];

    private readonly (string Method, string Path, OpenApiOperation Operation)[] _intake =
        [.. document.Paths.SelectMany(p => p.Value.Operations!.Select(o => (o.Key.Method, p.Key, o.Value))).Where(o => o.Key.EndsWith("alerts", StringComparison.Ordinal) || o.Key.EndsWith("enqueue", StringComparison.Ordinal))];

    public Sent Next()
    {
        var (method, template, operation) = random.Pick(random.Chance(40) ? _intake : _operations);
        var path = random.Chance(92) ? Fill(template) : random.Pick(Undescribed);

        // A part that is empty or goes up leads to another address than the one described.
        template = path == "" || Undescribed.Contains(path) || path.Split('/').Skip(1).Any(part => part is "" or "..") ? "" : template;
        if (random.Chance(8))
            method = random.Pick(Methods);
        path += Query(operation);
        var body = method is "POST" or "PUT" or "PATCH" || random.Chance(5) ? Body(template, path) : [];
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n");
        foreach (var header in Headers(template, path))
            head.Append(header).Append("\r\n");
        return random.Chance(8) ? Broken(head, body, method, path) : Whole(head, body, method, template, path);
    }

    private Sent Whole(StringBuilder head, byte[] body, string method, string template, string path)
    {
        if (random.Chance(15) && body.Length > 0)
            return new Sent(Join(head.Append("Transfer-Encoding: chunked\r\n\r\n"), Chunked(body)), method, template, path, IsWhole: true, BreaksOff: false);
        if (body.Length > 0 || method is "POST" or "PUT")
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        return new Sent(Join(head.Append("\r\n"), body), method, template, path, IsWhole: true, BreaksOff: false);
    }

    private Sent Broken(StringBuilder head, byte[] body, string method, string path) => random.Next(4) switch
    {
        0 => new Sent(Join(head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length + 1 + random.Next(5000)}\r\n\r\n"), body), method, "", path, IsWhole: false, BreaksOff: true),
        1 => new Sent(Join(head.Append("Transfer-Encoding: chunked\r\n\r\n"), Chunked(body)[..^random.Next(1, 5)]), method, "", path, IsWhole: false, BreaksOff: true),
        2 => new Sent(Join(head.Append(random.Pick("Content-Length: -1", "Content-Length: 1\r\nContent-Length: 2", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked", "Host: g", "Content-Length: 18446744073709551616", " folded: x", "no colon", "Bad Name: x")).Append("\r\n\r\n"), body), method, "", path, IsWhole: false, BreaksOff: true),
        _ => new Sent(_mutator.Change(Join(head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n"), body), body), method, "", path, IsWhole: false, BreaksOff: true),
    };

    private static byte[] Join(StringBuilder head, byte[] body) => [.. Encoding.UTF8.GetBytes(head.ToString()), .. body];

    private byte[] Chunked(byte[] body)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(body.Length - at, 1 + random.Next(400));
            bytes.AddRange(Encoding.ASCII.GetBytes($"{length:x}{random.Pick("", "", ";ext=1")}\r\n"));
            bytes.AddRange(body.AsSpan(at, length));
            bytes.AddRange("\r\n"u8);
            at += length;
        }

        return [.. bytes, .. "0\r\n\r\n"u8];
    }

    private string Fill(string template) => Hole().Replace(template, hole => random.Chance(15) ? Uri.EscapeDataString(random.OddText() + "x") : random.Chance(15) ? random.Pick(Odd) : hole.Groups["name"].Value switch
    {
        "integration" => random.Pick(FuzzServer.Formats).Name,
        "token" => random.Pick(FuzzServer.Tokens.Values.Append(FuzzServer.Operator).ToList()),
        "format" => random.Pick(FuzzServer.Formats).Format,
        "number" or "index" => random.Next(12).ToString(CultureInfo.InvariantCulture),
        _ => Id(template),
    });

    private string Id(string template) => template switch
    {
        _ when template.Contains("receipts", StringComparison.Ordinal) => known.Receipts.Count > 0 ? random.Pick(known.Receipts) : "1-0-00000000-0",
        _ when template.Contains("responders", StringComparison.Ordinal) => "olga",
        _ when template.Contains("dead-letters", StringComparison.Ordinal) => random.Pick("0123456789abcdef0123456789abcdef", "x-0-0-olga-0"),
        _ => known.Incidents.Count > 0 ? random.Pick(known.Incidents) : "01J9ZC8Q4M3H5T7V2N6R8W1XYE",
    };

    private string Query(OpenApiOperation operation)
    {
        var names = (operation.Parameters ?? []).Where(p => p.In == ParameterLocation.Query).Select(p => p.Name!).Append("token").Append("x").Where(_ => random.Chance(35)).ToList();

        // Whoever asks for what is still to come waits for it: not here.
        if (names.Contains("after"))
            names.Add("wait");
        var pairs = names.Select(n => $"{n}={(n == "wait" ? random.Pick("0s", "0", "1ms", "x", "31s", "-1s", "999y") : random.Chance(40) ? random.Pick(Odd) : Value(n))}").ToList();
        return pairs.Count == 0 ? random.Next(30) == 0 ? "?" : "" : "?" + string.Join('&', pairs);
    }

    private string Value(string name) => name switch
    {
        "limit" => random.Pick("1", "50", "500", "501", "0"),
        "status" => random.Pick("open", "active", "resolved", "closed", "TRIAGE", "none", "2"),
        "severity" => random.Pick("critical", "info", "P1"),
        "cursor" => known.Incidents.Count > 0 ? random.Pick(known.Incidents) : "5",
        "integration" => random.Pick(FuzzServer.Formats).Name,
        "token" => random.Pick(FuzzServer.Tokens.Values.ToList()),
        "kind" => random.Pick("message", "page", "odd"),
        _ => random.Pick("default", "3", "0"),
    };

    private IEnumerable<string> Headers(string template, string path)
    {
        if (random.Chance(85))
            yield return "Authorization: " + Credential(path);
        if (random.Chance(60))
            yield return "Content-Type: " + random.Pick("application/json", "application/json; charset=utf-16", "text/plain", "application/cloudevents+json", "application/cloudevents-batch+json", "application/x-www-form-urlencoded", "multipart/form-data", ";", "a");
        if (template.Contains("{id}/", StringComparison.Ordinal) && random.Chance(40))
            yield return "If-Match: " + random.Pick("*", "\"1\"", "\"2\"", "W/\"1\"", "\"", "7", "\"1\", \"2\"", "\"99999999999999999999\"", "\"-1\"");
        if (random.Chance(15))
            yield return random.Pick("Idempotency-Key: ", "webhook-id: ") + random.Pick("k1", "k2", "", new string('k', 257), "é🙂", "a b", "\"q\"");
        foreach (var name in new[] { "specversion: 1.0", "id: 1", "source: /s", "type: a.resolved", "subject: x%C3%A9", "title: T" }.Where(_ => path.Contains("event", StringComparison.Ordinal) && random.Chance(70)))
            yield return "ce-" + name;
        if (random.Chance(10))
            yield return random.Pick("Accept: text/html", "Accept: application/openmetrics-text; version=1.0.0", "Accept: ;;q=x", "Cookie: incidents_session=a|b|c", "Cookie: incidents_session=olga|99999999999|00", "Cookie: ;;=", "traceparent: 00-x", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "Range: bytes=0-", "Content-Encoding: gzip", "X-Forwarded-For: ::1", "If-None-Match: *", "Expect: 100-continue", "Accept-Encoding: br", "Sec-Fetch-Site: same-origin", "Upgrade: h2c", "Authorization: Bearer twice", "X-HTTP-Method-Override: DELETE");
    }

    private string Credential(string path)
    {
        var own = FuzzServer.Formats.FirstOrDefault(f => path.Contains($"/{f.Name}/", StringComparison.Ordinal)).Name;
        if (path.StartsWith("/api/v2/", StringComparison.Ordinal))
            own = "prometheus";
        return random.Next(20) switch
        {
            < 9 => "Bearer " + FuzzServer.Operator,
            < 17 => "Bearer " + (own is null ? random.Chance(60) ? FuzzServer.Operator : random.Pick(FuzzServer.Tokens.Values.ToList()) : FuzzServer.Tokens[own]),
            17 => "Basic " + random.Pick(Convert.ToBase64String(Encoding.UTF8.GetBytes("u:" + FuzzServer.Operator)), "!!!", "dTpw", "dQ==", "=", Convert.ToBase64String([0xFF, (byte)':', 0xFE])),
            _ => random.Pick("Bearer", "Bearer ", "bearer x", "Digest a=b", "Bearer " + new string('t', 3000), "é", "Bearer a b", ", ,"),
        };
    }

    private byte[] Body(string template, string path)
    {
        var text = template switch
        {
            _ when random.Chance(8) => random.OddText(),
            _ when path.Contains("pagerduty", StringComparison.Ordinal) || template == "/v2/enqueue" => AlertGrammar.PagerDuty(random),
            _ when path.Contains("webhook", StringComparison.Ordinal) || path.Contains("/old/", StringComparison.Ordinal) => AlertGrammar.Webhook(random),
            _ when path.Contains("api/v2/alerts", StringComparison.Ordinal) || path.Contains("prometheus", StringComparison.Ordinal) || path.Contains("alertmanager-api", StringComparison.Ordinal) => AlertGrammar.Api(random),
            _ when path.Contains("event", StringComparison.Ordinal) => random.Chance(50) ? AlertGrammar.Event(random) : AlertGrammar.Events(random),
            _ when template.Contains("{id}/", StringComparison.Ordinal) => JsonGrammar.Object(random, ("severity", () => JsonGrammar.Text(random, random.Pick("critical", "info", "odd"))), ("text", () => JsonGrammar.Text(random, random.Pick("note", random.OddText())))),
            _ when template.Length == 0 => JsonGrammar.Any(random),
            _ => AlertGrammar.Generic(random),
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Chance(12) ? _mutator.Change(bytes, Encoding.UTF8.GetBytes(JsonGrammar.Any(random))) : bytes;
    }

    [GeneratedRegex(@"\{(?<name>[^}:]+)[^}]*\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Hole();
}
