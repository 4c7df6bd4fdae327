using Incidents.Server.Api.Description;
using Incidents.Server.Edge;

namespace Incidents.Server.Api.Answers;

/// <summary>A refusal: RFC 9457 problem details.</summary>
/// <param name="Type">A URN of the reason.</param>
/// <param name="Reason">The stable name; docs/reasons.md says what to do.</param>
/// <param name="RetryAfterSeconds">When to come again.</param>
/// <param name="Identity">Of a budget: whose it is.</param>
/// <param name="Limit">Of a budget: what it allows.</param>
/// <param name="Ledger">Of a budget: where what was refused is counted.</param>
/// <param name="Refused">Of alerts: each that was not accepted.</param>
/// <param name="TraceId">Of an unforeseen error: what the log has it under.</param>
internal sealed record ProblemAnswer(
    string? Type, string Title, int Status, string? Detail, string? Reason, double? RetryAfterSeconds, string? Identity, OverBudget? Limit, string? Ledger,
    IReadOnlyList<RefusedAlert>? Refused, string? TraceId) : IShown<ProblemAnswer>
{
    public static ProblemAnswer Example { get; } = new("urn:incidents:reason:NoSuchIncident", "No such incident", 404, "there is no incident '01J…'", "NoSuchIncident", null, null, null, null, null, null);
}
