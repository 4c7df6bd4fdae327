using System.Text.Json.Serialization;
using Incidents.Alerts;
using Incidents.Integrations.Intake;
using Incidents.Server.Api.Description;
using NodaTime;

namespace Incidents.Server.Preview;

/// <summary>What a request would do: what was understood, where it goes and why, what would be decided.</summary>
internal sealed record PreviewAnswer : IShown<PreviewAnswer>
{
    /// <summary>The alerts that were understood, in the order of the request.</summary>
    public required IReadOnlyList<UnderstoodAlert> Alerts { get; init; }

    /// <summary>What was not.</summary>
    public required IReadOnlyList<RefusedAlert> Refused { get; init; }

    /// <summary>By alert, in the order of trying.</summary>
    public required IReadOnlyList<RouteEntry> Routes { get; init; }

    /// <summary>By alert and route; then what is refused.</summary>
    public required IReadOnlyList<WouldDo> WouldDo { get; init; }

    /// <summary>What the answer rests on, and what would be different in earnest.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>As whom it was decided.</summary>
    public required PreviewContext Context { get; init; }

    public static PreviewAnswer Example { get; } = new()
    {
        Alerts = [new UnderstoodAlert("trigger", "disk-db-1", "Disk full on db-1", "critical", null, LabelSet.Of("alertname", "DiskFull"), null, null, null)],
        Refused = [],
        Routes = [new RouteEntry { Alert = 0, Route = "{}", Name = "the root", Matches = true, Outcome = "taken", Receiver = "default", Continue = false, Text = "taken: default" }],
        WouldDo = [new WouldDo { Alert = 0, Route = "{}", Service = "default", Opens = true, Reason = "GroupOpened", Text = "opens an incident and pages anna at once" }],
        Notes = [],
        Context = new PreviewContext("generic-json", "grafana", "grafana", 17),
    };
}

/// <summary>As whom a preview was decided.</summary>
/// <param name="Format">How the body was read.</param>
/// <param name="Integration">The integration whose settings hold; absent: none, and defaults do.</param>
/// <param name="Identity">The identity whose budgets count.</param>
/// <param name="Position">The journal position at which the state is true; absent: there is no server.</param>
internal sealed record PreviewContext(string Format, string? Integration, string Identity, long? Position);

/// <summary>One alert as it was understood, with the integration's defaults. Every member is there, also where it is null.</summary>
internal sealed record UnderstoodAlert(
    string Action,
    string DedupKey,
    string Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Severity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Service,
    LabelSet Labels,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Instant? StartedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Instant? EndedAt)
{
    public static UnderstoodAlert Of(Alert a) =>
        new(a.Action.ToString().ToLowerInvariant(), a.DedupKey, a.Title, a.Severity?.Name(), a.Service, a.Labels, a.Source, a.StartedAt, a.EndedAt);
}

/// <summary>One alert, or the whole request, that is refused.</summary>
/// <param name="Index">Its place in the request; -1: all of it.</param>
/// <param name="Reason">The named reason.</param>
/// <param name="Detail">For a person.</param>
internal sealed record RefusedAlert(int Index, string Reason, string Detail)
{
    public static RefusedAlert Of(Refusal r) => new(r.Index, r.Reason.ToString(), r.Detail);
}
