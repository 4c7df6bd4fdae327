using System.Net.Http.Headers;
using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Intake;

/// <summary>Every real payload of the formats that we read, through the running server.</summary>
public abstract class CorpusTests(Installation installation)
{
    private static readonly Dictionary<string, (string Path, string? Token, int Success)> Addresses = new()
    {
        ["alertmanager-webhook-v4"] = ("/integrations/webhook/alerts", TestConfig.Webhook, 202),
        ["alertmanager-webhook-v3"] = ("/integrations/webhook/alerts", TestConfig.Webhook, 202),
        ["alertmanager-api-v2-alerts"] = ("/api/v2/alerts", TestConfig.Prometheus, 200),
        ["pagerduty-events-v2"] = ("/v2/enqueue", null, 202),
        ["cloudevents-structured"] = ("/integrations/events/alerts", TestConfig.Events, 202),
        ["cloudevents-binary"] = ("/integrations/events/alerts", TestConfig.Events, 202),
        ["cloudevents-batch"] = ("/integrations/events/alerts", TestConfig.Events, 202),
        ["malformed"] = ("/integrations/generic/alerts", TestConfig.Generic, 202),
    };

    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        if (!SharedFolder.Present)
            files.Add("absent");
        else
        {
            foreach (var entry in Entries().Where(e => Addresses.ContainsKey(e.GetProperty("format").GetString()!)))
                files.Add(entry.GetProperty("file").GetString()!);
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_payload_is_answered_as_expected(string file)
    {
        var body = await File.ReadAllBytesAsync(SharedFolder.Path("corpus", file), TestContext.Current.CancellationToken);
        var entry = Entries().Single(e => e.GetProperty("file").GetString() == file);
        var (path, token, success) = Addresses[entry.GetProperty("format").GetString()!];
        using var api = installation.Server.As(token);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        foreach (var header in entry.GetProperty("headers").EnumerateObject())
            Add(request, header.Name, header.Value.GetString()!);

        var answer = await api.SendAsync(request);

        var expected = Expected(file);
        if (expected.TryGetProperty("ambiguous", out var ambiguous) && ambiguous.GetBoolean())
        {
            Assert.Contains(answer.Status, new[] { success, 400 });
            return;
        }

        var events = expected.TryGetProperty("events", out var list) ? list.GetArrayLength() : 0;
        var status = expected.TryGetProperty("httpStatus", out var said) ? said.GetInt32() : events > 0 || OpensNothingByDesign(expected) ? success : 400;
        Assert.True(answer.Status == status, answer.ToString());
        if (answer.IsSuccess && path.StartsWith("/integrations", StringComparison.Ordinal))
            Assert.Equal(events, answer.Receipts.Length);
    }

    // An event that is no alert is understood all the same, when every one of its request is a good one.
    private static bool OpensNothingByDesign(JsonElement expected) =>
        expected.TryGetProperty("cloudevents", out var all) && all.EnumerateArray().All(e => e.GetProperty("valid").GetBoolean());

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
        else
            request.Headers.TryAddWithoutValidation(name, value);
    }

    private static JsonElement.ArrayEnumerator Entries() => Json("index.json").EnumerateArray();

    private static JsonElement Expected(string file) => Json(Path.ChangeExtension(file, null) + ".expect.json");

    private static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Path("corpus", file))).RootElement;
}
