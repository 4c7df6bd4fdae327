using Incidents.Engine.Embedded;
using Incidents.Engine.Turns;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Checks;

/// <summary>Somebody who waits at the edge.</summary>
internal sealed record Waiter(string Identity, long Bytes, Instant Since);

/// <summary>
/// Contract line 15, from outside: how many bytes are in, who is passed by whom, who waits how long. Between two turns of one
/// identity every other gets one at most.
/// </summary>
internal sealed class PressureCheck(GateOptions bounds)
{
    private readonly List<Waiter> _waiting = [];
    private readonly Dictionary<string, long> _inside = new(StringComparer.Ordinal);
    private readonly List<RequestWork> _posted = [];
    private readonly Passed _atEdge = new("is let in");
    private readonly Passed _atInbox = new("is handed over");

    public bool NobodyWaits => _waiting.Count == 0;

    public Waiter Waits(string identity, long bytes, Instant now)
    {
        var waiter = new Waiter(identity, bytes, now);
        _waiting.Add(waiter);
        return waiter;
    }

    public void Decided(Waiter waiter, bool isIn, Instant now)
    {
        _waiting.Remove(waiter);
        if (!isIn)
        {
            // Whoever comes again stands at the end.
            Must.Hold(now - waiter.Since >= bounds.MaxWait, () => $"{waiter} is refused after {now - waiter.Since}");
            _atEdge.Restart(waiter.Identity, unless: _waiting.Exists(w => w.Identity == waiter.Identity));
            return;
        }

        var others = _waiting.Select(w => w.Identity).Distinct().ToList();
        _atEdge.Goes(waiter.Identity, others.Where(HasRoom));
        others.ForEach(o => _atEdge.Restart(o, unless: HasRoom(o)));
        LetIn(waiter.Identity, waiter.Bytes);
    }

    public void LetIn(string identity, long bytes)
    {
        var (all, own) = (_inside.Values.Sum() + bytes, Inside(identity) + bytes);
        _inside[identity] = own;
        Must.Hold(all <= bounds.MaxBytes || all == bytes, () => $"{all} bytes are inside, {bounds.MaxBytes} are allowed");
        Must.Hold(own <= bounds.MaxBytesOfOne || own == bytes, () => $"{own} bytes of {identity} are inside, {bounds.MaxBytesOfOne} are allowed");
    }

    public void Left(string identity, long bytes) => _inside[identity] -= bytes;

    public void NobodyWaitsTooLong(Instant now)
    {
        var late = _waiting.Find(w => now - w.Since >= bounds.MaxWait);
        Must.Hold(late is null, () => $"{late} waits at {now} still");
    }

    public void Posted(Work work)
    {
        if (work is RequestWork request)
            _posted.Add(request);
    }

    public void HandedOver(Work work)
    {
        if (work is not RequestWork request)
            return;
        var (by, first) = (request.By.Id, _posted.Find(p => p.By.Id == request.By.Id));
        Must.Hold(first == request, () => $"a request of {by} passes an earlier one");
        _posted.Remove(request);
        _atInbox.Goes(by, _posted.Select(p => p.By.Id).Distinct());
    }

    // Whom only its own share holds back is passed by others, and that is meant.
    private bool HasRoom(string identity) =>
        Inside(identity) == 0 || Inside(identity) + _waiting.Find(w => w.Identity == identity)!.Bytes <= bounds.MaxBytesOfOne;

    private long Inside(string identity) => _inside.GetValueOrDefault(identity);

    /// <summary>How often each identity was passed by each other since it last went itself.</summary>
    private sealed class Passed(string how)
    {
        private readonly Dictionary<(string Who, string By), int> _passed = [];

        public void Goes(string identity, IEnumerable<string> waiting)
        {
            Restart(identity, unless: false);
            foreach (var other in waiting.Where(w => w != identity))
            {
                var times = _passed[(other, identity)] = _passed.GetValueOrDefault((other, identity)) + 1;
                Must.Hold(times <= 1, () => $"{identity} {how} {times} times while {other} waits");
            }
        }

        public void Restart(string identity, bool unless)
        {
            if (unless)
                return;
            foreach (var key in _passed.Keys.Where(k => k.Who == identity).ToList())
                _passed.Remove(key);
        }
    }
}
