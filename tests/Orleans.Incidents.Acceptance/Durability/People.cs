using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>
/// People at work: each opens an incident, is paged, acknowledges it, writes a note and resolves it, and then the next. They ask any of the
/// servers, and ask again under the same id where one refuses or is gone.
/// </summary>
internal sealed class People(Pager pager, int seed, TimeSpan patience) : IDisposable
{
    private const int Count = 3;

    private static readonly (string Action, string What)[] Actions = [("acknowledge", "incident.acknowledged"), ("note", "incident.note-added"), ("resolve", "incident.resolved")];

    private readonly ConcurrentQueue<string> _finished = [];
    private readonly ConcurrentBag<int> _statuses = [];
    private readonly List<Api> _made = [];
    private volatile Api[] _servers = [];
    private volatile bool _stop;
    private Task[] _running = [];

    /// <summary>The incidents that somebody was told to be resolved, in order.</summary>
    public IReadOnlyList<string> Finished => [.. _finished];

    /// <summary>Which servers they ask from now on.</summary>
    public void Ask(IEnumerable<ServerProcess> servers)
    {
        _servers = [.. servers.Select(s => s.As(ServerProcess.AdminToken))];
        _made.AddRange(_servers);
    }

    public void Start() => _running = [.. Enumerable.Range(0, Count).Select(i => Task.Run(() => WorkAsync(i, new Random(seed + i))))];

    /// <summary>Waits until so many further incidents are resolved.</summary>
    public async Task FinishAsync(int count)
    {
        var before = _finished.Count;
        await Eventually.TrueAsync($"{count} incidents that people resolve", () => _running.Any(r => r.IsFaulted) || _finished.Count >= before + count, patience);
        await Task.WhenAll(_running.Where(r => r.IsFaulted));
    }

    /// <summary>Lets each finish what it is at.</summary>
    public async Task StopAsync()
    {
        _stop = true;
        await Task.WhenAll(_running);
    }

    /// <summary>Nothing but yes and "not now" was said, and each act is in its incident's timeline, once.</summary>
    public async Task CheckAsync(Api api)
    {
        Assert.All(_statuses, status => Assert.Contains(status, new[] { 200, 202, 503 }));
        foreach (var incident in Finished)
        {
            var told = (await api.GetAsync($"/api/v1/incidents/{incident}/timeline")).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("what").GetString()).ToList();
            Assert.All(Actions, act => Assert.Single(told, act.What));
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_statuses.Count} calls of people, {_finished.Count} resolved, {_statuses.Count(s => s == 503)} put off");

    public void Dispose() => _made.ForEach(a => a.Dispose());

    private async Task WorkAsync(int person, Random random)
    {
        for (var turn = 0; !_stop; turn++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"person-{person}-{turn}");
            var taken = await AskAsync(random, api => api.PostAsync("/integrations/generic/alerts", JsonSerializer.Serialize(new { dedup_key = name, title = name, severity = "critical" })));
            var incident = await Eventually.GetAsync($"{name} is an incident", () => OpenedAsync(random, taken.Receipts[0]), patience);
            await pager.PageOfAsync(incident);
            foreach (var (action, _) in Actions)
            {
                var body = action == "note" ? JsonSerializer.Serialize(new { text = name }) : "";
                await AskAsync(random, api => api.PostAsync($"/api/v1/incidents/{incident}/{action}", body, ("Idempotency-Key", $"{name}-{action}")));
            }

            _finished.Enqueue(incident);
        }
    }

    private async Task<string?> OpenedAsync(Random random, string receipt)
    {
        var outcome = (await AskAsync(random, api => api.GetAsync($"/api/v1/receipts/{receipt}"))).Json.GetProperty("outcomes")[0];
        return outcome.GetProperty("reason").GetString() == "Forwarded" ? null : outcome.GetProperty("incident").GetString();
    }

    // One that stops breaks off what it has not begun.
    private Task<Answer> AskAsync(Random random, Func<Api, Task<Answer>> ask) => Eventually.GetAsync("an answer to a person", async () =>
    {
        var servers = _servers;
        try
        {
            var answer = await ask(servers[random.Next(servers.Length)]);
            _statuses.Add(answer.Status);
            Assert.True(answer.IsSuccess || answer.Status == 503, answer.ToString());
            return answer.IsSuccess ? answer : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }, patience);
}
