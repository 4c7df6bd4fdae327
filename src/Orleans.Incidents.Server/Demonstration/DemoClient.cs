using System.Net.Http.Headers;
using System.Text.Json;

namespace Incidents.Server.Demonstration;

/// <summary>An incident as the list shows it.</summary>
internal sealed record DemoRow(
    string Id, string Service, string Title, string Severity, string Status, string Kind, string? AcknowledgedBy, long Alerts, long Repeats, long Problems, long Pages,
    DateTimeOffset OpenedAt, DateTimeOffset? ResolvedAt);

/// <summary>A row of the refused ledger.</summary>
internal sealed record DemoRefused(DateTimeOffset Time, string Identity, string Integration, string Reason, string Detail, long Count);

/// <summary>What the robot was told.</summary>
internal sealed record DemoAnswer(int Status, TimeSpan? RetryAfter);

/// <summary>One entry of a timeline.</summary>
internal sealed record DemoEvent(DateTimeOffset At, string What, string By, string Reason);

/// <summary>The demonstration's callers: each speaks HTTP to the server's public addresses, with a token of its own.</summary>
internal sealed class DemoClient(Uri server, DemoTokens tokens, CancellationToken stop) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new() { BaseAddress = server };

    /// <summary>Prometheus sends alerts.</summary>
    /// <returns>The receipt of each.</returns>
    public async Task<IReadOnlyList<string>> PrometheusAsync(params IEnumerable<DemoAlert> alerts)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/v2/alerts", tokens.Prometheus, alerts);
        answer.EnsureSuccessStatusCode();
        return string.Join(' ', answer.Headers.GetValues("Incidents-Receipt")).Split(' ');
    }

    /// <summary>The robot sends one alert, and hears what becomes of it.</summary>
    public async Task<DemoAnswer> RobotAsync(object alert)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"/integrations/{DemoCatalogue.Robot}/alerts", tokens.Robot, alert);
        return new DemoAnswer((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>Anna acts on an incident.</summary>
    public async Task ActAsync(string incident, string action, object? body = null)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"/api/v1/incidents/{incident}/{action}", tokens.Anna, body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The incidents, newest first.</summary>
    public Task<IReadOnlyList<DemoRow>> RowsAsync() => ItemsAsync<DemoRow>("/api/v1/incidents?limit=500");

    public Task<IReadOnlyList<DemoEvent>> TimelineAsync(string incident) => ItemsAsync<DemoEvent>($"/api/v1/incidents/{incident}/timeline");

    public Task<IReadOnlyList<DemoRefused>> RefusedAsync() => ItemsAsync<DemoRefused>("/api/v1/refused?limit=500");

    /// <summary>What the server says became of an alert.</summary>
    public async Task<string> ReceiptAsync(string id)
    {
        var receipt = await ReadAsync($"/api/v1/receipts/{id}");
        return string.Join("; ", receipt.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("summary").GetString()));
    }

    /// <summary>The names of the entries of a part of the catalogue.</summary>
    public async Task<string> NamesAsync(string part) =>
        string.Join(", ", (await ReadAsync($"/api/v1/{part}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()));

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<T>> ItemsAsync<T>(string path) => (await ReadAsync(path)).GetProperty("items").Deserialize<List<T>>(Json)!;

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, tokens.Anna, null);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, object? body)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return _http.SendAsync(request, stop);
    }
}
