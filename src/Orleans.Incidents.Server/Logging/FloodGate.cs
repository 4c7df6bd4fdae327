using System.Collections.Concurrent;
using Incidents.Engine;
using Incidents.Throttling;

namespace Incidents.Server.Logging;

/// <summary>
/// Lets so many lines of a kind through, and counts the others until one is let through again. Kinds come from a closed set:
/// they are never a sender's words.
/// </summary>
internal sealed class FloodGate(Budget budget, TimeProvider clock)
{
    private readonly ConcurrentDictionary<object, Kind> _kinds = new();

    /// <summary>Whether a line may be written now, and how many of its kind were left out since the last one.</summary>
    public bool Allows(object kind, out long leftOut)
    {
        var known = _kinds.GetOrAdd(kind, _ => new Kind());
        lock (known)
        {
            var charge = Gcra.Charge(budget, known.State, Time.Now(clock), 1);
            known.State = charge.State;
            leftOut = charge.Allowed ? known.LeftOut : 0;
            known.LeftOut = charge.Allowed ? 0 : known.LeftOut + 1;
            return charge.Allowed;
        }
    }

    private sealed class Kind
    {
        public GcraState State { get; set; } = GcraState.Full;

        public long LeftOut { get; set; }
    }
}
