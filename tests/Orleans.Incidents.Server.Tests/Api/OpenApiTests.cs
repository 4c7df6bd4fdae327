using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Incidents.Server.Tests.Api;

/// <summary>/openapi/v1.json is whole and true.</summary>
public sealed partial class OpenApiTests(LiveServer server) : IClassFixture<LiveServer>
{
    // The page's own files, the link to sign in, the description itself, and what only a command on the server's own machine may ask for.
    private static readonly string[] Undescribed = ["/", "/api/v1/backups", "/app.css", "/app.js", "/icon.svg", "/openapi/v1.json", "/sign-in/{token}", "/timeline.js"];

    [Fact]
    public void Every_route_is_described()
    {
        var routes = server.Routes.Where(r => !Undescribed.Contains(r.RoutePattern.RawText))
            .SelectMany(r => r.Metadata.OfType<HttpMethodMetadata>().Single().HttpMethods.Select(m => $"{m} {Plain(r.RoutePattern.RawText!)}"));
        var described = Operations().Select(o => $"{o.Method} {o.Path}");
        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_says_what_it_does_what_comes_back_and_who_may_call() => Assert.All(Operations(), o =>
    {
        Assert.False(string.IsNullOrEmpty(o.Operation.Summary), $"{o.Path} has no summary: add Describe beside its route");
        Assert.Contains(o.Operation.Responses!, r => r.Key.StartsWith('2'));
        Assert.All(o.Operation.Responses!.Values.SelectMany(r => r.Content ?? new Dictionary<string, OpenApiMediaType>()), c => Assert.NotNull(c.Value.Schema));
        Assert.True(o.Operation.Security is { Count: > 0 } || o.Path is "/healthz" or "/readyz" or "/metrics" or "/v2/enqueue", o.Path);
        Assert.All(o.Operation.Parameters ?? [], p => Assert.False(string.IsNullOrEmpty(p.Description), $"{o.Path}: {p.Name}"));
    });

    [Fact]
    public void Operation_ids_are_unique()
    {
        var ids = Operations().Select(o => o.Operation.OperationId).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Every_example_is_as_its_schema_says()
    {
        var media = Operations().SelectMany(o => o.Operation.Responses!.Values.SelectMany(r => r.Content?.Values ?? []).Concat(o.Operation.RequestBody?.Content?.Values ?? [])).Where(m => m.Example is not null).ToList();
        Assert.True(media.Count > 50);
        Assert.All(media, m => Assert.Empty(SchemaCheck.Faults(JsonDocument.Parse(m.Example!.ToJsonString()).RootElement, m.Schema!)));
    }

    [Fact]
    public async Task Every_operation_that_needs_a_credential_refuses_without_one_as_it_says()
    {
        var asked = 0;
        foreach (var (method, path, operation) in Operations().Where(o => o.Operation.Security is { Count: > 0 } && !o.Path.Contains("{token}", StringComparison.Ordinal)))
        {
            var (status, media, text) = await server.SendAsync(new HttpMethod(method), Hole().Replace(path, hole => hole.Value is "{number}" or "{index}" ? "1" : "01J9ZC8Q4M3H5T7V2N6R8W1XYE"), null, method == "POST" ? "{}" : null);
            Assert.True(status == 401, $"{method} {path} answers {status}");
            Check(operation, path, status, media, text);
            asked++;
        }

        Assert.True(asked > 10);
    }

    [Fact]
    public async Task Answers_are_as_the_description_says()
    {
        var receipt = (await AskAsync("POST", "/integrations/{integration}/alerts", "generic", LiveServer.Generic, """[{"title":"A","severity":"critical","labels":{"alertname":"A"}},{"severity":"info"}]""", 202)).GetProperty("receipts")[0].GetString()!;
        await AskAsync("POST", "/integrations/{integration}/alerts", "generic", LiveServer.Generic, """[{"title":"A","severity":"critical","labels":{"alertname":"A"}}]""", 202);
        var outcome = (await AskAsync("GET", "/api/v1/receipts/{id}", receipt, LiveServer.Generic, null, 200)).GetProperty("outcomes")[0];
        var id = outcome.GetProperty("incident").GetString()!;
        await AskAsync("POST", "/integrations/{integration}/{token}/alerts", $"generic {LiveServer.Generic}", null, """{"title":"B"}""", 202);
        await AskAsync("POST", "/v2/enqueue", "", null, $$$"""{"routing_key":"{{{LiveServer.RoutingKey}}}","event_action":"trigger","payload":{"summary":"C","source":"s","severity":"error"}}""", 202);
        await AskAsync("POST", "/api/v2/alerts", "", LiveServer.Prometheus, """[{"labels":{"alertname":"D"}}]""", 200);
        await AskAsync("POST", "/integrations/{integration}/{token}/api/v2/alerts", $"prometheus {LiveServer.Prometheus}", null, """[{"labels":{"alertname":"D"}}]""", 200);
        foreach (var method in new[] { "GET", "HEAD", "POST" })
        {
            foreach (var what in new[] { "beat", "fail" })
            {
                await AskAsync(method, $"/integrations/{{integration}}/{what}", "job", LiveServer.Job, null, 200);
                await AskAsync(method, $"/integrations/{{integration}}/{{token}}/{what}", $"job {LiveServer.Job}", null, null, 200);
            }
        }

        await AskAsync("GET", "/api/v1/incidents", "", LiveServer.Operator, null, 200, "?limit=1&status=open&after=1");
        await AskAsync("GET", "/api/v1/incidents/{id}", id, LiveServer.Operator, null, 200);
        await AskAsync("GET", "/api/v1/incidents/{id}/timeline", id, LiveServer.Operator, null, 200);
        await AskAsync("POST", "/api/v1/incidents/{id}/acknowledge", id, LiveServer.Operator, null, 200);
        await AskAsync("POST", "/api/v1/incidents/{id}/severity", id, LiveServer.Operator, """{"severity":"warning"}""", 200);
        await AskAsync("POST", "/api/v1/incidents/{id}/note", id, LiveServer.Operator, """{"text":"seen"}""", 200);
        await AskAsync("POST", "/api/v1/incidents/{id}/resolve", id, LiveServer.Operator, null, 200);
        await AskAsync("POST", "/api/v1/incidents/{id}/reopen", id, LiveServer.Operator, null, 200);
        await AskAsync("POST", "/api/v1/incidents/{id}/resolve", id, LiveServer.Operator, null, 200);
        await AskAsync("POST", "/api/v1/incidents/{id}/close", id, LiveServer.Operator, null, 200);
        await AskAsync("POST", "/api/v1/incidents/{id}/acknowledge", id, LiveServer.Operator, null, 409);
        await AskAsync("GET", "/api/v1/incidents/{id}", id, LiveServer.Operator, null, 200);
        await AskAsync("GET", "/api/v1/receipts/{id}", receipt, LiveServer.Generic, null, 200);
        await AskAsync("GET", "/api/v1/services", "", LiveServer.Operator, null, 200);
        await AskAsync("GET", "/api/v1/responders", "", LiveServer.Operator, null, 200);
        await AskAsync("GET", "/api/v1/refused", "", LiveServer.Operator, null, 200, "?identity=integration-generic&integration=generic");
        await AskAsync("GET", "/api/v1/refused", "", LiveServer.Generic, null, 200);
        await AskAsync("GET", "/api/v1/velocity", "", LiveServer.Operator, null, 200);
        await AskAsync("GET", "/api/v1/dead-letters", "", LiveServer.Operator, null, 200);
        await AskAsync("GET", "/api/v1/views", "", LiveServer.Operator, null, 200);
        await AskAsync("POST", "/api/v1/views/rebuild", "", LiveServer.Operator, null, 200);
        await AskAsync("POST", "/api/v1/preview/{format}", "generic-json", LiveServer.Generic, """{"title":"A","severity":"critical","labels":{"alertname":"A"}}""", 200);
        foreach (var path in new[] { "/healthz", "/readyz", "/metrics" })
            await AskAsync("GET", path, "", null, null, 200);
    }

    [Theory]
    [InlineData("POST", "/integrations/{integration}/alerts", "generic", LiveServer.Generic, "{}", 400)]
    [InlineData("POST", "/integrations/{integration}/alerts", "generic", LiveServer.Generic, "not json", 400)]
    [InlineData("POST", "/integrations/{integration}/alerts", "prometheus", LiveServer.Generic, "{}", 403)]
    [InlineData("POST", "/integrations/{integration}/alerts", "absent", LiveServer.Operator, "{}", 404)]
    [InlineData("POST", "/integrations/{integration}/{token}/alerts", "generic wrong-token", null, "{}", 401)]
    [InlineData("GET", "/integrations/{integration}/beat", "generic", LiveServer.Generic, null, 404)]
    [InlineData("GET", "/integrations/{integration}/{token}/fail", "job wrong-token", null, null, 401)]
    [InlineData("POST", "/v2/enqueue", "", null, "{}", 400)]
    [InlineData("POST", "/api/v2/alerts", "", LiveServer.Prometheus, "[{}]", 422)]
    [InlineData("POST", "/api/v2/alerts", "", LiveServer.Prometheus, """[{"labels":{"alertname":"A"},"startsAt":"2026-01-02T00:00:00Z","endsAt":"2026-01-01T00:00:00Z"}]""", 400)]
    [InlineData("POST", "/integrations/{integration}/{token}/api/v2/alerts", "prometheus wrong-token", null, "[]", 401)]
    [InlineData("GET", "/api/v1/incidents", "", LiveServer.Operator, null, 400, "?limit=0")]
    [InlineData("GET", "/api/v1/incidents", "", LiveServer.Operator, null, 400, "?limit=many")]
    [InlineData("GET", "/api/v1/incidents", "", LiveServer.Generic, null, 403)]
    [InlineData("GET", "/api/v1/incidents/{id}", "nonsense", LiveServer.Operator, null, 404)]
    [InlineData("GET", "/api/v1/incidents/{id}/timeline", "nonsense", LiveServer.Operator, null, 404)]
    [InlineData("POST", "/api/v1/incidents/{id}/resolve", "01J9ZC8Q4M3H5T7V2N6R8W1XYE", LiveServer.Operator, null, 404)]
    [InlineData("POST", "/api/v1/incidents/{id}/severity", "01J9ZC8Q4M3H5T7V2N6R8W1XYE", LiveServer.Operator, "{}", 400)]
    [InlineData("POST", "/api/v1/incidents/{id}/note", "01J9ZC8Q4M3H5T7V2N6R8W1XYE", LiveServer.Operator, "[", 400)]
    [InlineData("POST", "/api/v1/incidents/{id}/note", "01J9ZC8Q4M3H5T7V2N6R8W1XYE", LiveServer.Operator, "{\"text\":\"half \\ude42\"}", 400)]
    [InlineData("POST", "/api/v1/incidents/{id}/note", "01J9ZC8Q4M3H5T7V2N6R8W1XYE", LiveServer.Operator, "{\"text\":\"t\",\"\\u0074ext\\ud83d\":1}", 400)]
    [InlineData("GET", "/api/v1/receipts/{id}", "a-0-00000000-0", LiveServer.Operator, null, 404)]
    [InlineData("GET", "/api/v1/dead-letters/{id}", "nonsense", LiveServer.Operator, null, 404)]
    [InlineData("POST", "/api/v1/responders/{id}/test", "nobody", LiveServer.Operator, null, 404)]
    [InlineData("GET", "/api/v1/refused", "", LiveServer.Operator, null, 400, "?limit=501")]
    [InlineData("GET", "/api/v1/refused", "", LiveServer.Generic, null, 403, "?identity=somebody-else")]
    [InlineData("GET", "/api/v1/velocity", "", LiveServer.Generic, null, 403)]
    public async Task Refusals_are_as_the_description_says(string method, string path, string holes, string? token, string? body, int status, string query = "") =>
        await AskAsync(method, path, holes, token, body, status, query);

    private async Task<JsonElement> AskAsync(string method, string path, string holes, string? token, string? body, int status, string query = "")
    {
        var values = new Queue<string>(holes.Split(' '));
        var (answered, media, text) = await server.SendAsync(new HttpMethod(method), Hole().Replace(path, _ => values.Dequeue()) + query, token, body);
        Assert.True(answered == status, $"{method} {path}: {answered} {text}");
        return Check(Operations().Single(o => o.Method == method && o.Path == path).Operation, path, status, media, text);
    }

    private static JsonElement Check(OpenApiOperation operation, string path, int status, string media, string text)
    {
        Assert.True(operation.Responses!.TryGetValue($"{status}", out var response), $"{path} does not say that it answers {status}");
        if (text.Length == 0)
            return default;
        Assert.True(response.Content!.TryGetValue(media, out var content), $"{path} does not say that it answers {status} as {media}");
        if (media == "text/plain")
            return default;
        var json = JsonDocument.Parse(text).RootElement;
        Assert.Empty(SchemaCheck.Faults(json, content.Schema!));
        return json;
    }

    private IEnumerable<(string Method, string Path, OpenApiOperation Operation)> Operations() =>
        server.Document.Paths.SelectMany(p => p.Value.Operations!.Select(o => (o.Key.Method, p.Key, o.Value)));

    // "/incidents/{id:int}/" is described as "/incidents/{id}".
    private static string Plain(string route) => Constraint().Replace(route.Length > 1 ? route.TrimEnd('/') : route, "}");

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Hole();

    [GeneratedRegex(@":[^}]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Constraint();
}
