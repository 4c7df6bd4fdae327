using Incidents.Engine.Turns;

namespace Incidents.Engine.Embedded;

/// <summary>
/// Requests that wait for their turn: each identity in order, the identities in rotation, so that one that floods delays only
/// itself. Thread-safe.
/// </summary>
internal sealed class FairInbox(EngineRules rules)
{
    private readonly Dictionary<string, Queue<RequestWork>> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _rotation = new();
    private readonly Lock _lock = new();

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _rotation.Count == 0;
        }
    }

    public void Enqueue(RequestWork work)
    {
        lock (_lock)
        {
            var identity = rules.RotateAlerts ? work.By.Authority : "";
            if (!_waiting.TryGetValue(identity, out var queue))
            {
                _waiting.Add(identity, queue = new Queue<RequestWork>());
                _rotation.Enqueue(identity);
            }

            queue.Enqueue(work);
        }
    }

    /// <summary>Moves up to so many requests to the engine, one an identity in turn.</summary>
    public void Drain(int most, Action<RequestWork> take)
    {
        lock (_lock)
        {
            for (; most > 0 && _rotation.TryDequeue(out var identity); most--)
            {
                var queue = _waiting[identity];
                take(queue.Dequeue());
                if (queue.Count > 0)
                    _rotation.Enqueue(identity);
                else
                    _waiting.Remove(identity);
            }
        }
    }
}
