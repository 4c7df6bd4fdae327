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
    public const long MaxBytes = 64 << 20;

    private readonly ConcurrentDictionary<string, StrongBox> _spent = new(StringComparer.Ordinal);
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

    /// <summary>Takes room for a body; <see langword="false"/>: there is none now.</summary>
    public bool TryEnter(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= MaxBytes)
            return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>Gives the room back when the request is answered.</summary>
    public void Leave(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    private sealed class StrongBox
    {
        public GcraState State { get; set; } = GcraState.Full;
    }
}
