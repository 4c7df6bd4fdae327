using System.Collections.Concurrent;
using Incidents.Engine.Turns;

namespace Incidents.Engine.Embedded;

/// <summary>
/// Where work arrives from other threads: people and deliveries in order, alerts in rotation of their identities and a bounded
/// share at a time, so that a flush is sealed and people get their turn in between. Thread-safe.
/// </summary>
internal sealed class Inbox(EngineRules rules, int share = 1024)
{
    private readonly ConcurrentQueue<Work> _urgent = new();
    private readonly FairInbox _alerts = new(rules);

    public bool IsEmpty => _urgent.IsEmpty && _alerts.IsEmpty;

    public void Post(Work work)
    {
        if (work is RequestWork request)
            _alerts.Enqueue(request);
        else
            _urgent.Enqueue(work);
    }

    /// <summary>Hands over what is urgent and a share of the rest.</summary>
    public void Drain(Action<Work> take)
    {
        while (_urgent.TryDequeue(out var work))
            take(work);
        _alerts.Drain(share, take);
    }
}
