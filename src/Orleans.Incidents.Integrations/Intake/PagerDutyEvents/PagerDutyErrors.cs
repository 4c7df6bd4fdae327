using Incidents.Audit;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Integrations.Intake.PagerDutyEvents;

/// <summary>
/// What is wrong with an event, each in the words that PagerDuty puts into the <c>errors</c> of its 400 answer. An
/// acknowledgement or a resolve needs a key and no payload; a trigger the reverse.
/// </summary>
internal static class PagerDutyErrors
{
    private const int MaxDedupKeyLength = 255;
    private const int MaxSummaryLength = 1024;

    private static readonly string[] Required = ["summary", "source", "severity"];

    /// <summary>The errors of an event; none when it is valid.</summary>
    public static IEnumerable<Trouble> Of(PagerDutyEvent e)
    {
        if (e.RoutingKey is null)
            yield return Missing("routing_key");
        else if (LengthOf(e.RoutingKey) != PagerDutyRoutingKey.Length)
            yield return new(Reason.InvalidValue, $"Length of 'routing_key' is incorrect (should be {PagerDutyRoutingKey.Length} characters)");
        if (e.EventAction is null)
            yield return Missing("event_action");
        else if (e.Action is null)
            yield return new(Reason.InvalidValue, "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')");
        if (e.DedupKey is null && e.EventAction is "acknowledge" or "resolve")
            yield return Missing("dedup_key");
        else if (LengthOf(e.DedupKey) > MaxDedupKeyLength)
            yield return new(Reason.InvalidValue, $"Length of 'dedup_key' is incorrect (should be no longer than {MaxDedupKeyLength} characters)");
        if (e.EventAction is "trigger")
        {
            foreach (var trouble in OfPayload(e))
                yield return trouble;
        }
    }

    private static IEnumerable<Trouble> OfPayload(PagerDutyEvent e)
    {
        if (!e.HasPayload)
        {
            yield return Missing("payload");
            yield break;
        }

        foreach (var field in Required.Where(f => e[f] is null))
            yield return Missing($"payload.{field}");
        if (LengthOf(e["summary"]) > MaxSummaryLength)
            yield return new(Reason.InvalidValue, $"Length of 'payload.summary' is incorrect (should be no longer than {MaxSummaryLength} characters)");
        if (e["severity"] is not (null or "critical" or "warning" or "error" or "info"))
            yield return new(Reason.InvalidValue, "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')");
    }

    private static Trouble Missing(string field) => new(Reason.MissingField, $"'{field}' is missing or blank");

    // Characters are code points: a surrogate pair is one.
    private static int LengthOf(string? text) => text is null ? 0 : text.Length - text.Count(char.IsLowSurrogate);
}
