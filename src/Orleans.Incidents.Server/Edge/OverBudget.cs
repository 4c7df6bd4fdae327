using Incidents.Throttling;

namespace Incidents.Server.Edge;

/// <summary>The budget that a refused request was over, as the answer tells it.</summary>
/// <param name="Requests">How many within the window, on average.</param>
/// <param name="WindowSeconds">The window.</param>
/// <param name="Burst">How many at once.</param>
internal sealed record OverBudget(long Requests, double WindowSeconds, long Burst)
{
    /// <summary>Whose budget, which, and where all that was refused for it is counted.</summary>
    public static IReadOnlyDictionary<string, object?> Of(string identity, Budget budget) => new Dictionary<string, object?>
    {
        ["identity"] = identity, ["limit"] = new OverBudget(budget.Count, budget.Period.TotalSeconds, budget.Burst), ["ledger"] = $"/api/v1/refused?identity={Uri.EscapeDataString(identity)}",
    };
}
