using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Incidents.Acceptance.Processes;

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string Text, string MediaType, HttpResponseHeaders Headers)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A member as text; <see langword="null"/> when it is absent.</summary>
    public string? this[string name] => Json.TryGetProperty(name, out var value) ? value.ToString() : null;

    public string[] Receipts => [.. Json.GetProperty("receipts").EnumerateArray().Select(r => r.GetString()!)];

    public override string ToString() => $"{Status} {Text}";
}

/// <summary>Calls a server under one credential.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient _client;

    public Api(string url, string? token)
    {
        _client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Answer> PostAsync(string path, string json = "", params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), headers);

    public Task<Answer> PostAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new Answer((int)response.StatusCode, text, response.Content.Headers.ContentType?.MediaType ?? "", response.Headers);
        }
    }

    /// <summary>Sends alerts to an integration of our own format; they must be accepted.</summary>
    /// <returns>Their receipts.</returns>
    public async Task<string[]> AlertAsync(string json, string integration = "generic")
    {
        var answer = await PostAsync($"/integrations/{integration}/alerts", json);
        Assert.True(answer.Status == (int)HttpStatusCode.Accepted, answer.ToString());
        return answer.Receipts;
    }

    /// <summary>What became of one alert: the first outcome of its receipt.</summary>
    public async Task<JsonElement> OutcomeAsync(string receipt)
    {
        // In a cluster it is accepted first, and decided where its group is a moment later.
        var decided = await Eventually.GetAsync($"{receipt} is decided", async () =>
        {
            var answer = await GetAsync($"/api/v1/receipts/{receipt}");
            Assert.True(answer.Status == 200, $"{receipt}: {answer}");
            return answer.Json.GetProperty("outcomes")[0].GetProperty("reason").GetString() == "Forwarded" ? null : answer;
        });
        return decided.Json.GetProperty("outcomes")[0];
    }

    /// <summary>The incident that one new alert opened.</summary>
    public async Task<string> OpenAsync(string json, string integration = "generic") =>
        (await OutcomeAsync((await AlertAsync(json, integration))[0])).GetProperty("incident").GetString()!;

    /// <summary>One incident as it is now.</summary>
    public async Task<JsonElement> IncidentAsync(string id)
    {
        var answer = await GetAsync($"/api/v1/incidents/{id}");
        Assert.True(answer.Status == 200, $"{id}: {answer}");
        return answer.Json;
    }

    /// <summary>The incident's status.</summary>
    public async Task<string> StatusAsync(string id) => (await IncidentAsync(id)).GetProperty("status").GetString()!;

    /// <summary>All incidents, newest first, page by page, when lists have caught up with a position.</summary>
    public async Task<List<JsonElement>> IncidentsAsync(string filter = "", int pageSize = 200, long after = 0)
    {
        var all = new List<JsonElement>();
        for (string? cursor = null; ;)
        {
            var answer = await GetAsync($"/api/v1/incidents?limit={pageSize}&after={after}{filter}{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.True(answer.Status == 200, answer.ToString());
            all.AddRange(answer.Json.GetProperty("items").EnumerateArray());
            cursor = answer["next"];
            if (string.IsNullOrEmpty(cursor))
                return all;
        }
    }

    public void Dispose() => _client.Dispose();
}
