using Incidents.Delivery;
using Incidents.Engine;
using Incidents.Server.Api.Description;
using NodaTime;

namespace Incidents.Server.Api.Answers;

/// <summary>What became of one alert.</summary>
/// <param name="Alert">Its place in the request, from 0.</param>
/// <param name="Position">The flush that holds it.</param>
/// <param name="Outcomes">One for each route that took it.</param>
internal sealed record ReceiptAnswer(string Id, Instant ReceivedAt, string Identity, string Integration, int Alert, long Position, IReadOnlyList<ReceiptOutcome> Outcomes) : IShown<ReceiptAnswer>
{
    public static ReceiptAnswer Example { get; } = new("a-0-63b2c576-0", Examples.At, "grafana", "grafana", 0, 10,
    [
        new ReceiptOutcome("GroupOpened", Examples.Incident, "group/default/1f", null, null,
            [new ReceiptPage($"{Examples.Incident}-0-0-anna-0", "anna", "webhook", DeliveryVerdict.Delivered, "Accepted", Examples.At)], $"GroupOpened: incident {Examples.Incident}"),
    ]);
}

/// <summary>What one route made of it.</summary>
/// <param name="Incident">The incident that it belongs to.</param>
/// <param name="Repeat">Set when it merely repeated what was known.</param>
/// <param name="Counted">Set when its route asks for several before there is an incident.</param>
/// <param name="Pages">How that incident's pages ended.</param>
/// <param name="Summary">One line for a person.</param>
internal sealed record ReceiptOutcome(string Reason, string? Incident, string? Group, ReceiptRepeat? Repeat, ReceiptRepeat? Counted, IReadOnlyList<ReceiptPage>? Pages, string Summary);

/// <summary>The how manieth of how many.</summary>
internal sealed record ReceiptRepeat(long Number, long Of);

/// <summary>How a page ended.</summary>
internal sealed record ReceiptPage(string Page, string Responder, string Channel, DeliveryVerdict Verdict, string Reason, Instant At);

/// <summary>What was refused, newest first.</summary>
internal sealed record RefusedList(IReadOnlyList<RefusedRow> Items, long? Next) : IShown<RefusedList>
{
    public static RefusedList Example { get; } = new([new RefusedRow(7, Examples.At, "ci-robot", "ci", "OverRequestBudget", "more requests than the identity's budget allows", 120)], null);
}
