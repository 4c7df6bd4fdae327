using System.Collections.Concurrent;
using Incidents.Engine;
using Incidents.Identities;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Edge;

/// <summary>
/// Holds every identity to its request budget, and the whole edge to a bound of bytes between a body and its flush.
/// Budgets are full after a restart.
/// </summary>
internal sealed class Admission(TimeProvider clock)
{
    /// <summary>How many bytes of bodies may be between the wire and the disk.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>How many of them one identity may have, so that one that floods leaves room for others.</summary>
    private const long MaxBytesOfOne = MaxBytes / 4;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, StrongBox> _spent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _waiting = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Charges one request; <see langword="null"/> when it is allowed, else when to come again.</summary>
    public Duration? Charge(IdentityDefinition identity)
    {
        if (identity.RequestBudget is not { } budget)
            return null;
        var spent = _spent.GetOrAdd(identity.Id, _ => new StrongBox());
        lock (spent)
        {
            var charge = Gcra.Charge(budget, spent.State, Time.Now(clock), 1);
            spent.State = charge.State;
            return charge.Allowed ? null : charge.RetryAfter ?? budget.Period;
        }
    }

    /// <summary>Whether a request would be refused now; it is not charged.</summary>
    public bool IsSpent(IdentityDefinition identity)
    {
        if (identity.RequestBudget is not { } budget || !_spent.TryGetValue(identity.Id, out var spent))
            return false;
        lock (spent)
            return !Gcra.Charge(budget, spent.State, Time.Now(clock), 1).Allowed;
    }

    /// <summary>Takes room for a body, waiting up to two seconds for it; <see langword="false"/>: there is none.</summary>
    public async ValueTask<bool> EnterAsync(string identity, long bytes)
    {
        var until = clock.GetUtcNow() + MaxWait;
        while (!TryEnter(identity, bytes))
        {
            if (clock.GetUtcNow() >= until)
                return false;
            await Task.Delay(LookAgain, clock);
        }

        return true;
    }

    /// <summary>Gives the room back when the request is answered.</summary>
    public void Leave(string identity, long bytes)
    {
        lock (_waiting)
        {
            _bytes -= bytes;
            var rest = _waiting[identity] - bytes;
            if (rest == 0)
                _waiting.Remove(identity);
            else
                _waiting[identity] = rest;
        }
    }

    private bool TryEnter(string identity, long bytes)
    {
        lock (_waiting)
        {
            var own = _waiting.GetValueOrDefault(identity);

            // A single body always has room where nothing else waits, however large it may be.
            if (_bytes > 0 && (_bytes + bytes > MaxBytes || (own > 0 && own + bytes > MaxBytesOfOne)))
                return false;
            _bytes += bytes;
            _waiting[identity] = own + bytes;
            return true;
        }
    }

    private sealed class StrongBox
    {
        public GcraState State { get; set; } = GcraState.Full;
    }
}
