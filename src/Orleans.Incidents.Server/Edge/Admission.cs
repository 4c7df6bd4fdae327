using System.Collections.Concurrent;
using Incidents.Engine;
using Incidents.Engine.Embedded;
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
    private static readonly GateOptions Bounds = new();

    private readonly Gate _gate = new(Bounds);
    private readonly ConcurrentDictionary<string, StrongBox> _spent = new(StringComparer.Ordinal);

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
        if (_gate.TryEnter(identity, bytes))
            return true;
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate.Enter(identity, bytes, Time.Now(clock), answer.SetResult);
        await using var expiry = clock.CreateTimer(_ => _gate.Expire(Time.Now(clock)), null, Bounds.MaxWait.ToTimeSpan(), TimeSpan.FromMilliseconds(100));
        return await answer.Task;
    }

    /// <summary>Gives the room back when the request is answered.</summary>
    public void Leave(string identity, long bytes) => _gate.Leave(identity, bytes);

    private sealed class StrongBox
    {
        public GcraState State { get; set; } = GcraState.Full;
    }
}
