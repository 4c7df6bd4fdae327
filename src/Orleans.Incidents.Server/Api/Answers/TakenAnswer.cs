using Incidents.Server.Api.Description;

namespace Incidents.Server.Api.Answers;

/// <summary>What became of a request with alerts.</summary>
/// <param name="Receipts">One for each accepted alert, in order; each can be asked what became of it.</param>
/// <param name="Refused">The others.</param>
/// <param name="Note">Set when the request is understood and opens nothing by design.</param>
internal sealed record TakenAnswer(IReadOnlyList<string> Receipts, IReadOnlyList<RefusedAlert> Refused, string? Note) : IShown<TakenAnswer>
{
    public static TakenAnswer Example { get; } = new(["a-0-63b2c576-0"], [new RefusedAlert(1, "MissingField", "title is missing")], null);
}

/// <summary>A heartbeat was taken in.</summary>
/// <param name="Integration">Whose.</param>
/// <param name="Due">When it counts as silent without another one; absent where it says that it failed.</param>
/// <param name="Receipt">What became of the alert that it is when it says that it failed can be asked by this.</param>
internal sealed record BeatAnswer(string Integration, string? Due, string? Receipt) : IShown<BeatAnswer>
{
    public static BeatAnswer Example { get; } = new("nightly-backup", "2026-01-02T03:05:00Z", null);
}

/// <summary>An alert that was not accepted.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
internal sealed record RefusedAlert(int Index, string Reason, string Detail);

/// <summary>An alert in our own form, or a list of such; other integrations read their own formats.</summary>
/// <param name="Title">One line.</param>
/// <param name="Severity">critical, error, warning or info; other words by the integration's severity_map.</param>
/// <param name="Status">firing or resolved; firing when absent.</param>
/// <param name="DedupKey">The same key is the same problem.</param>
/// <param name="Labels">What routes look at.</param>
internal sealed record GenericAlertBody(
    string Title, string? Severity, string? Status, [property: System.Text.Json.Serialization.JsonPropertyName("dedup_key")] string? DedupKey, IReadOnlyDictionary<string, string>? Labels)
    : IShown<GenericAlertBody>
{
    public static GenericAlertBody Example { get; } = new("Disk full on db-1", "critical", null, "disk-db-1", new Dictionary<string, string> { ["alertname"] = "DiskFull", ["instance"] = "db-1" });
}
