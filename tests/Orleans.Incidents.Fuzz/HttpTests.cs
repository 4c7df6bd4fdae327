using System.Net;
using System.Text;
using System.Text.Json;
using Incidents.Fuzz.Http;
using Incidents.Fuzz.Targets;

namespace Incidents.Fuzz;

/// <summary>The whole HTTP surface of a running server, over the wire.</summary>
public sealed class HttpTests(FuzzServer server, ITestOutputHelper output) : IClassFixture<FuzzServer>
{
    private const string Name = "http";
    private const int MostFailures = 10;

    // One of a kind: what is broken often says so once.
    private readonly Dictionary<string, FuzzFailureException> _failures = [];

    [Fact]
    public async Task No_request_breaks_a_law()
    {
        var check = new AnswerCheck(server.Document);
        if (Settings.Replay is { } replay)
        {
            if (replay.StartsWith(Name + ":", StringComparison.Ordinal))
                await TryAsync(check, JsonSerializer.Deserialize<Sent>(Convert.FromBase64String(replay[(Name.Length + 1)..]))!);
            AssertNothingBroken();
            return;
        }

        var known = new Known();
        var maker = new RequestMaker(new Random(Settings.Seed), server.Document, known);
        var answers = new SortedDictionary<int, int>();
        for (var i = 0; i < Settings.Requests && _failures.Count < MostFailures; i++)
        {
            var sent = maker.Next();
            var answer = await TryAsync(check, sent);
            answers[answer?.Status ?? 0] = answers.GetValueOrDefault(answer?.Status ?? 0) + 1;
            await LearnAsync(known, sent, answer);
        }

        output.WriteLine($"{Settings.Requests} requests, {known.Receipts.Count} receipts, {known.Incidents.Count} incidents; " + string.Join(", ", answers.Select(a => $"{a.Key}: {a.Value}")));
        AssertNothingBroken();
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.DoesNotContain("unforeseen", server.Log, StringComparison.OrdinalIgnoreCase);
        Assert.True(answers.GetValueOrDefault(200) > 0 && answers.GetValueOrDefault(202) > 0 && known.Receipts.Count > 0, "some requests are right");
    }

    [Fact]
    public async Task No_receipt_id_is_found_that_was_not_issued()
    {
        using var body = new StringContent("""[{"title":"one"},{"title":"two"}]""");
        using var answer = await server.Client.PostAsync("/integrations/generic/alerts", body, TestContext.Current.CancellationToken);
        var issued = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("receipts").EnumerateArray().Select(r => r.GetString()!).ToList();
        var tally = Fuzzer.Run(new ReceiptIdTarget(server.Runtime.Receipts, issued), Settings.Seed, Settings.Inputs / 20);
        Assert.True(tally.Outcomes > 3, "ids are tried that are nearly right");
    }

    private async Task<RawAnswer?> TryAsync(AnswerCheck check, Sent sent)
    {
        try
        {
            var answer = RawAnswer.Read(await server.SendAsync(sent.Bytes, sent.BreaksOff));
            check.Check(sent, answer);
            return answer;
        }
        catch (Exception broken) when (broken is not OperationCanceledException || !TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Fail(sent, broken);
            return null;
        }
    }

    private void Fail(Sent sent, Exception broken) => _failures.TryAdd(
        Law.Kind(broken.Message), new FuzzFailureException(Name, Settings.Seed, sent.Bytes, broken, Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(sent))));

    private void AssertNothingBroken() => Assert.True(_failures.Count == 0, string.Join("\n\n", _failures.Values.Select(f => f.Message)));

    // Whatever was answered 2xx has receipts, and every receipt says what became of its alert.
    private async Task LearnAsync(Known known, Sent sent, RawAnswer? answer)
    {
        if (answer is null || !answer.Headers.ContainsKey("Incidents-Position") || answer.Status is < 200 or > 299 || answer.Body.Length == 0 && !answer.Headers.ContainsKey("Incidents-Receipt"))
            return;
        var receipts = answer.Headers.TryGetValue("Incidents-Receipt", out var header) ? header.Split(' ')
            : answer.Body.StartsWith("{\"receipts\":", StringComparison.Ordinal) ? [.. JsonDocument.Parse(answer.Body).RootElement.GetProperty("receipts").EnumerateArray().Select(r => r.GetString()!)]
            : Array.Empty<string>();
        foreach (var receipt in receipts.Take(2))
        {
            var ask = Encoding.ASCII.GetBytes($"GET /api/v1/receipts/{receipt} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer {FuzzServer.Operator}\r\n\r\n");
            var told = RawAnswer.Read(await server.SendAsync(ask, breaksOff: false));
            if (told is not { Status: 200 })
            {
                Fail(sent, new BrokenLawException($"receipt {receipt} of an accepted alert: {told}"));
                return;
            }

            known.Receipt(receipt);
            foreach (var outcome in JsonDocument.Parse(told.Body).RootElement.GetProperty("outcomes").EnumerateArray())
            {
                if (outcome.TryGetProperty("incident", out var incident) && incident.ValueKind == JsonValueKind.String)
                    known.Incident(incident.GetString()!);
            }
        }
    }
}
