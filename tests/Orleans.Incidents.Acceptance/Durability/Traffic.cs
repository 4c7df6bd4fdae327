using System.Collections.Concurrent;
using System.Text;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>One alert that was sent: its key, and its receipt when the server said yes.</summary>
internal sealed record Sent(string Key, string? Receipt);

/// <summary>Several connections that send batches of new and of repeated alerts until they are told to stop, and remember what was answered.</summary>
internal sealed class Traffic(string url, string name, int seed, int connections = 4)
{
    public const int HotKeys = 8;

    // Most alerts repeat; each further connection draws its own numbers, so that a seed means the same traffic.
    private const int NewInTen = 1;

    private readonly ConcurrentBag<Sent> _sent = [];
    private volatile bool _stop;
    private Task[] _running = [];
    private int _answers;

    /// <summary>Every alert whose fate is known or not: without a receipt nobody was told yes.</summary>
    public IReadOnlyCollection<Sent> Sent => _sent;

    /// <summary>What was answered with anything but a yes, by its status; 0 where the connection failed.</summary>
    public ConcurrentBag<int> Others { get; } = [];

    public int Answers => Volatile.Read(ref _answers);

    public void Start() => _running = [.. Enumerable.Range(0, connections).Select(i => Task.Run(() => RunAsync(i, new Random(seed + i))))];

    public Task StopAsync()
    {
        _stop = true;
        return Task.WhenAll(_running);
    }

    private async Task RunAsync(int connection, Random random)
    {
        using var api = new Api(url, TestConfig.Generic);
        for (var request = 0; !_stop; request++)
        {
            var keys = Enumerable.Range(0, random.Next(1, 8)).Select(i => Key(random, $"{name}-{connection}-{request}-{i}")).ToList();
            var receipts = await SendAsync(api, keys);
            for (var i = 0; i < keys.Count; i++)
                _sent.Add(new Sent(keys[i], receipts?[i]));
            if (receipts is null && Others.Contains(0))
                return;
        }
    }

    private async Task<string[]?> SendAsync(Api api, List<string> keys)
    {
        try
        {
            var answer = await api.PostAsync("/integrations/generic/alerts", Body(keys));
            if (answer.Status == 202)
            {
                Interlocked.Increment(ref _answers);
                return answer.Receipts;
            }

            Others.Add(answer.Status);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            Others.Add(0);
        }

        return null;
    }

    private static string Key(Random random, string fresh) => random.Next(10) < NewInTen ? fresh : $"hot-{random.Next(HotKeys)}";

    private static string Body(List<string> keys)
    {
        var body = new StringBuilder("[");
        foreach (var key in keys)
            body.Append(body.Length == 1 ? "" : ",").Append($$"""{"dedup_key":"{{key}}","title":"Problem {{key}}","severity":"critical"}""");
        return body.Append(']').ToString();
    }
}
