using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>One alert that was sent: its key, and its receipt when the server said yes.</summary>
internal sealed record Sent(string Key, string? Receipt);

/// <summary>Several connections that send batches of new and of repeated alerts until they are told to stop, and remember what was answered.</summary>
/// <param name="largest">How many alerts a batch may have.</param>
/// <param name="patience">For how long a batch that was refused is sent again before the sender gives up; absent: not at all.</param>
internal sealed class Traffic(string url, string name, int seed, int connections = 4, int largest = 7, TimeSpan? patience = null)
{
    public const int HotKeys = 8;

    // Most alerts repeat; each further connection draws its own numbers, so that a seed means the same traffic.
    private const int NewInTen = 1;

    private const int NoAnswer = 0;
    private const int Accepted = 202;
    private const int Busy = 503;

    private readonly ConcurrentBag<Sent> _sent = [];
    private volatile bool _stop;
    private Task[] _running = [];
    private int _answers;
    private long _slowest;

    /// <summary>Every alert whose fate is known or not: without a receipt nobody was told yes.</summary>
    public IReadOnlyCollection<Sent> Sent => _sent;

    /// <summary>What was answered with anything but a yes, by its status; 0 where the connection failed.</summary>
    public ConcurrentBag<int> Others { get; } = [];

    public int Answers => Volatile.Read(ref _answers);

    /// <summary>How long the slowest answer of any kind took.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Volatile.Read(ref _slowest));

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
            var keys = Enumerable.Range(0, random.Next(1, largest + 1)).Select(i => Key(random, $"{name}-{connection}-{request}-{i}")).ToList();
            var status = await SendAsync(api, keys);
            if (status == Busy && patience is not null)
                await Eventually.TrueAsync($"{name} is served again", async () => _stop || (status = await SendAsync(api, keys)) != Busy, patience);
            if (status == NoAnswer)
                return;
        }
    }

    private async Task<int> SendAsync(Api api, List<string> keys)
    {
        var started = Stopwatch.GetTimestamp();
        string[]? receipts = null;
        var status = NoAnswer;
        try
        {
            var answer = await api.PostAsync("/integrations/generic/alerts", Body(keys));
            status = answer.Status;
            receipts = status == Accepted ? answer.Receipts : null;
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            // What became of these alerts nobody was told.
        }

        for (var i = 0; i < keys.Count; i++)
            _sent.Add(new Sent(keys[i], receipts?[i]));
        if (receipts is null)
            Others.Add(status);
        else
            Interlocked.Increment(ref _answers);
        InterlockedMax(ref _slowest, Stopwatch.GetElapsedTime(started).Ticks);
        return status;
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
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
