using System.Collections.Concurrent;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>Holds a server to what clients were told: every receipt, every incident, every count.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, string> _incidents = [];
    private readonly ConcurrentDictionary<(string Key, long Number), string> _repeats = [];
    private readonly ConcurrentDictionary<string, long> _totals = [];

    /// <summary>The incident of each key that was answered.</summary>
    public IReadOnlyDictionary<string, string> Incidents => _incidents;

    /// <summary>Every alert that was answered with a receipt is there, with one incident a key and one number a repeat.</summary>
    public Task CheckAsync(Api api, IEnumerable<Sent> sent) => Parallel.ForEachAsync(
        sent.Where(s => s.Receipt is not null), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken },
        async (alert, _) => await CheckAsync(api, alert));

    /// <summary>The server counted every repeat that it said yes to, and none that was never sent.</summary>
    public void CheckTotals(IReadOnlyCollection<Sent> all)
    {
        foreach (var (key, total) in _totals)
        {
            var answered = _repeats.Keys.Count(r => r.Key == key);
            var sent = all.Count(s => s.Key == key);
            Assert.True(total >= answered && total <= sent, $"{key}: {total} counted, {answered} answered, {sent} sent");
        }
    }

    /// <summary>The list has each incident once, and no key has two.</summary>
    public async Task CheckListAsync(Api api, long after)
    {
        var listed = (await api.IncidentsAsync(after: after)).ToLookup(i => i.GetProperty("title").GetString()!, i => i.GetProperty("id").GetString()!);
        Assert.All(listed, l => Assert.Single(l));
        Assert.All(_incidents, i => Assert.Equal(i.Value, Assert.Single(listed[$"Problem {i.Key}"])));
    }

    /// <summary>Every incident comes to a page, and no step of any has two. A page whose attempt was cut off is made again 20 s after it began, under the same id.</summary>
    public async Task CheckPagesAsync(Pager pager, TimeSpan within)
    {
        await Eventually.TrueAsync("a page of every incident", () => _incidents.Values.All(pager.Pages.Select(p => p.Incident).ToHashSet().Contains), within);
        Assert.All(pager.Pages.GroupBy(p => (p.Incident, p.Step), p => p.Id), pages => Assert.Single(pages.Distinct()));
    }

    private async Task CheckAsync(Api api, Sent alert)
    {
        var outcome = await api.OutcomeAsync(alert.Receipt!);
        var incident = outcome.GetProperty("incident").GetString()!;
        Assert.Equal(_incidents.GetOrAdd(alert.Key, incident), incident);
        var reason = outcome.GetProperty("reason").GetString();
        if (reason != "Repeated")
        {
            Assert.Equal("OpenedGroup", reason);
            return;
        }

        var repeat = outcome.GetProperty("repeat");
        var (number, of) = (repeat.GetProperty("number").GetInt64(), repeat.GetProperty("of").GetInt64());
        Assert.True(_repeats.TryAdd((alert.Key, number), alert.Receipt!), $"{alert.Key}: two receipts are repeat {number}: {alert.Receipt}, {_repeats[(alert.Key, number)]}");
        _totals.AddOrUpdate(alert.Key, of, (_, before) => Math.Max(before, of));
    }
}
