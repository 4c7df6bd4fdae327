using Incidents.Audit;
using Incidents.Engine;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Logging;

/// <summary>
/// What was refused, said once a minute at most for each identity, integration and reason, with the count since the last time.
/// The details are in the ledger: they may quote what a sender wrote.
/// </summary>
internal sealed class RefusalLog(ILogger log, TimeProvider clock)
{
    private readonly FloodGate _gate = new(new Budget(1, Duration.FromMinutes(1), 1), clock);
    private readonly Dictionary<(string, string, string), long> _unsaid = [];

    /// <summary>Rows of one second. Called by one thread at a time.</summary>
    public void Say(IEnumerable<RefusedRow> rows)
    {
        foreach (var row in rows)
        {
            var kind = (row.Identity, row.Integration, row.Reason);
            var count = _unsaid.GetValueOrDefault(kind) + row.Count;
            _unsaid[kind] = count;
            if (!_gate.Allows(kind, out _))
                continue;
            _unsaid.Remove(kind);
            var (identity, integration) = (row.Identity.Length > 0 ? row.Identity : null, row.Integration.Length > 0 ? row.Integration : null);
            if (row.Reason == nameof(Reason.Overloaded))
                Log.Overloaded(log, count, identity, integration);
            else
                Log.Refused(log, count, row.Reason, identity, integration);
        }
    }
}
