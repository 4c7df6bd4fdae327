using System.Text.Json;
using Incidents.Alerts;
using Incidents.Engine.Views;
using Incidents.Escalation;
using Incidents.Incidents;
using Incidents.Server.Api.Description;
using NodaTime;

namespace Incidents.Server.Api.Answers;

/// <summary>One incident, as it is now.</summary>
/// <param name="Problems">How many groups ever belonged to it.</param>
/// <param name="FiringGroups">How many of them fire.</param>
/// <param name="Flapping">Groups that keep beginning to fire.</param>
/// <param name="AcknowledgedUntil">When the acknowledgement expires unless it is renewed.</param>
/// <param name="Policy">The steps that page for it.</param>
/// <param name="Version">How many events it has.</param>
/// <param name="Position">The journal position at or after which this is true.</param>
internal sealed record IncidentAnswer(
    string Id, string Service, string Title, Severity Severity, IncidentStatus Status, IncidentKind Kind, LabelSet Labels, Instant OpenedAt, Instant? ResolvedAt, string? AcknowledgedBy,
    Instant? AcknowledgedUntil, long Problems, int FiringGroups, IReadOnlyList<FlappingGroup>? Flapping, EscalationState? Escalation, IReadOnlyList<PolicyStep> Policy, long Version, long Position) : IShown<IncidentAnswer>
{
    public static IncidentAnswer Example { get; } = new(
        Examples.Incident, "checkout", "Disk full on db-1", Severity.Critical, IncidentStatus.Active, IncidentKind.Problem, LabelSet.Of("alertname", "DiskFull"), Examples.At, null, "anna",
        null, 1, 1, null, new EscalationState(0, 0, 0, true, [], Examples.At), [new PolicyStep(["anna"], Duration.FromMinutes(5))], 4, 17);
}

/// <summary>A group that keeps beginning to fire.</summary>
internal sealed record FlappingGroup(string Group, long Times, Instant Since, string Summary);

/// <summary>Incidents, newest first.</summary>
/// <param name="Next">The cursor of the next page; absent on the last one.</param>
/// <param name="Position">The journal position that the list shows.</param>
internal sealed record IncidentList(IReadOnlyList<IncidentRow> Items, string? Next, long Position) : IShown<IncidentList>
{
    public static IncidentList Example { get; } = new(
        [new IncidentRow(Examples.Incident, "checkout", "Disk full on db-1", Severity.Critical, IncidentStatus.Active, IncidentKind.Problem, Examples.At, Examples.At, null, null, 1, 12, Examples.At, 1, 1, null, null)], null, 17);
}

/// <summary>Everything that happened, in order of happening.</summary>
internal sealed record TimelineAnswer(IReadOnlyList<TimelineItem> Items, string? Next) : IShown<TimelineAnswer>
{
    public static TimelineAnswer Example { get; } = new(
        [new TimelineItem(Examples.At, "incident.acknowledged", "anna", "Acknowledged", $"incident/{Examples.Incident}", new string('a', 64), JsonSerializer.SerializeToElement(new { by = "anna" }))], null);
}

/// <summary>What became of an action.</summary>
/// <param name="Reason">The decision's reason.</param>
/// <param name="Changed">Whether anything happened.</param>
/// <param name="Version">The incident's version behind it.</param>
/// <param name="Position">The journal position at which it is durable; lists take it as ?after.</param>
internal sealed record ActionAnswer(string Id, string Reason, bool Changed, long Version, long Position) : IShown<ActionAnswer>
{
    public static ActionAnswer Example { get; } = new(Examples.Incident, "Acknowledged", true, 5, 18);
}

/// <summary>A new severity.</summary>
internal sealed record SeverityBody(Severity Severity) : IShown<SeverityBody>
{
    public static SeverityBody Example { get; } = new(Severity.Critical);
}

/// <summary>A note, up to 10,000 characters.</summary>
internal sealed record NoteBody(string Text) : IShown<NoteBody>
{
    public static NoteBody Example { get; } = new("Failed over to db-2.");
}

/// <summary>What examples have in common.</summary>
internal static class Examples
{
    public const string Incident = "01J9ZC8Q4M3H5T7V2N6R8W1XYE";

    public static Instant At { get; } = Instant.FromUtc(2026, 3, 1, 12, 0);
}
