using System.Globalization;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>Senders at each of several servers, which come and go.</summary>
internal sealed class TrafficByServer(Random random, TimeSpan patience, Action<string> say)
{
    private readonly Dictionary<ServerProcess, Traffic> _traffic = [];
    private readonly List<Sent> _sent = [];
    private int _names;

    /// <summary>Every alert of those that have stopped.</summary>
    public IReadOnlyCollection<Sent> Sent => _sent;

    /// <summary>Starts senders at every server that has none.</summary>
    public void Start(IEnumerable<ServerProcess> servers)
    {
        foreach (var server in servers.Where(s => !_traffic.ContainsKey(s)))
        {
            _traffic[server] = new Traffic(server.Url, string.Create(CultureInfo.InvariantCulture, $"s{_names++}"), random.Next(), connections: 2, largest: 2, patience);
            _traffic[server].Start();
        }
    }

    /// <summary>Waits for so many further answers of any server, or of any of those.</summary>
    public async Task AnsweredAsync(int count, IReadOnlyCollection<ServerProcess>? by = null)
    {
        var of = by is null ? [.. _traffic.Values] : by.Select(s => _traffic[s]).ToList();
        var before = of.Sum(t => t.Answers);
        await Eventually.TrueAsync($"{count} answers", () => of.Sum(t => t.Answers) >= before + count, patience);
    }

    /// <summary>Ends those of one server: it may have refused for a while, and may have broken connections off only where it is gone.</summary>
    public async Task EndAsync(ServerProcess server, bool isGone)
    {
        var traffic = _traffic[server];
        await traffic.StopAsync();
        Assert.DoesNotContain(traffic.Others, status => status != 503 && (status != 0 || !isGone));
        say($"{server.Url}: {traffic.Answers} answers, {traffic.Others.Count} refusals, the slowest after {traffic.Slowest.TotalMilliseconds:0} ms");
        _traffic.Remove(server);
        _sent.AddRange(traffic.Sent);
    }

    /// <summary>Ends all, of servers that are all there: what they were told is in <see cref="Sent"/>.</summary>
    public async Task StopAsync()
    {
        foreach (var server in _traffic.Keys.ToList())
            await EndAsync(server, isGone: false);
    }
}
