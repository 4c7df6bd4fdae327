using System.Collections.Immutable;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Responders;

namespace Incidents.Escalation;

/// <summary>
/// Nobody is paged for what somebody has taken on or what has ended. The incident knows whom it paged and not by which
/// contacts, so it tells the responders, and they tell the pages. It is told only where a page may still be under way.
/// </summary>
internal static class Withdrawal
{
    /// <summary>What takes all outstanding pages of the incident back, one message a responder; none where every page has ended.</summary>
    public static ImmutableArray<Message> Of(StreamId self, IncidentState state) =>
    [
        .. state.Outstanding.GroupBy(t => t.Responder, StringComparer.Ordinal).Select(responder =>
            new Message(StreamId.Responder(responder.Key), new WithdrawPages(self.Key, [.. responder.Select(t => new PagedStep(t.Step, t.Round))]))),
    ];

    /// <summary>How many pages of a responder's step are still under way when this one has ended; 0 also when they were withdrawn.</summary>
    public static int StillOut(IncidentState state, ReportPage report)
    {
        var target = state.Outstanding.FirstOrDefault(t => t.Responder == report.Responder && t.Step == report.Step && t.Round == report.Round);
        return target is null ? 0 : (target.Out ?? report.Contacts) - 1;
    }
}
