using System.Globalization;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Engine.Receipts;
using Incidents.Grouping;
using Incidents.Incidents;
using Incidents.Routing;
using Incidents.Routing.Intervals;
using Incidents.Server.Api.Answers;
using Incidents.Server.Api.Description;
using Incidents.Server.Edge;
using Incidents.Server.Hosting;
using Incidents.Server.Preview;
using NodaTime;

namespace Incidents.Server.Api;

/// <summary>Receipts: what became of an alert; and what was refused.</summary>
internal static class ReceiptsApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/receipts/{id}", OneAsync).WithTags("receipts").Describe<ReceiptAnswer>("What became of one alert", Access.Sender).AlsoRefuses(404, "No such receipt");
        app.MapGet("/api/v1/refused", Refused).WithTags("receipts").Describe<RefusedList>("What was refused: by second, identity, integration and reason; newest first. A sender sees its own", Access.Sender, Reason.InvalidValue, Reason.Malformed);
    }

    private static async Task<IResult> OneAsync(HttpContext http, Runtime runtime, Credentials credentials, string id)
    {
        credentials.Sender(http, null);
        if (id.Length > 80 || runtime.Receipts.Find(id) is not var (request, alert, position))
            return TypedResults.Problem("there is no such receipt, or its block is pruned", statusCode: 404, title: "No such receipt");
        var outcomes = new List<object>();
        foreach (var item in request.Items.Where(i => i.Alert == alert))
            outcomes.AddRange(await OutcomesAsync(runtime, item, request.ReceivedAt));
        if (outcomes.Count == 0)
            return TypedResults.Problem("there is no such receipt", statusCode: 404, title: "No such receipt");
        return TypedResults.Json(new { id, request.ReceivedAt, request.Identity, request.Integration, alert, position, outcomes }, Json.Options);
    }

    private static async Task<IEnumerable<object>> OutcomesAsync(Runtime runtime, BlockItem item, Instant receivedAt)
    {
        if (item.Forward is null)
            return [await OutcomeAsync(runtime, item)];
        var found = runtime.Receipts.Follow(item);
        return found.Count > 0
            ? await Task.WhenAll(found.Select(i => OutcomeAsync(runtime, i)))
            : [new { reason = nameof(Reason.Forwarded), summary = Sent(Time.Now(runtime.Clock) - receivedAt) }];
    }

    /// <summary>What is said of an alert that was sent to the process that owns its group, where that one's receipt is not found.</summary>
    internal static string Sent(Duration ago) => ago < Housekeeping.KeepRequests
        ? "accepted, and on its way to the process that owns its group"
        : "accepted, and sent to the process that owns its group; where that one decided on it is no longer known";

    private static async Task<object> OutcomeAsync(Runtime runtime, BlockItem item)
    {
        if (item.Stream == 0)
            return new { reason = item.Reason, summary = item.Detail.Length > 0 ? $"refused because {item.Reason}: {item.Detail}" : $"changed nothing: {item.Reason}" };
        var group = runtime.History.Stream(item.Stream)!.Value;
        var (state, reason, moved, at) = At(runtime.History, group, item.Version);
        if (state.Counting is { } threshold && item.Place < 0 && item.Reason.Length == 0)
            return Counted(runtime, group, state, threshold, reason, at, item.Version);
        var incident = state.Muted is null ? state.Incident : Existing(runtime, group, state, item.Version);
        if (incident is not null && !state.Waiting && !IsThere(runtime, incident))
        {
            // Its service may lie with another process, and not have said yet whether the problem opens an incident or joins a storm.
            if (Instead(runtime, group, item.Version, out var asks) is { } instead)
                (incident, moved) = (instead.Incident, instead.Why);
            else if (asks && runtime.IsNode)
                return new { reason = nameof(Reason.Forwarded), summary = Asked };
        }

        var pages = incident is null ? [] : Pages(runtime.History, incident);
        if (item.Place >= 0)
        {
            var now = await runtime.Actors.ReadAsync(group);
            var total = ((GroupState)now.State).Repeats + now.Repeats;
            var text = string.Create(CultureInfo.InvariantCulture, $"repeat {item.Ordinal:N0} of {Math.Max(total, item.Ordinal):N0}, folded into {incident ?? "its group"}");
            if (state.Muted is { } silent)
                text += $"; {Muted(silent, incident)}";
            return new { reason = nameof(Reason.Repeated), incident, group = group.ToString(), repeat = new { number = item.Ordinal, of = total }, pages, summary = text };
        }

        if (state.Muted is { } mute && item.Reason.Length == 0)
            return new { reason, incident, group = group.ToString(), repeat = (object?)null, pages, summary = Muted(mute, incident) };
        return item.Reason.Length > 0
            ? new { reason = item.Reason, incident = (string?)null, group = group.ToString(), repeat = (object?)null, pages = Array.Empty<object>().ToList(), summary = $"changed nothing: {item.Reason}" }
            : new { reason, incident, group = group.ToString(), repeat = (object?)null, pages, summary = $"{reason}: incident {incident}{(moved is { } why ? $" ({why})" : "")}" };
    }

    /// <summary>What is said of an alert whose group is open and has no incident yet.</summary>
    internal const string Asked = "accepted, and its group is open; which incident it belongs to is on its way from the process that owns the service";

    private static bool IsThere(Runtime runtime, string incident) => runtime.History.Events(StreamId.Incident(incident), 1, 1).Count > 0;

    // What the group got instead of the incident it asked for, maybe behind further alerts, and whether it still asks: a later opening asks for itself alone.
    private static GroupMoved? Instead(Runtime runtime, StreamId group, long version, out bool asks)
    {
        var later = runtime.History.Events(group, version + 1, 100_000).Select(e => Payloads.Read(e.Envelope.Type, e.Envelope.Payload)).ToList();
        var instead = later.TakeWhile(e => e is not (GroupOpened or GroupReopened)).OfType<GroupMoved>().FirstOrDefault();
        asks = instead is null && !later.Exists(e => e is GroupOpened or GroupReopened);
        return instead;
    }

    private static object Counted(Runtime runtime, StreamId group, GroupState state, OpeningThreshold threshold, string reason, Instant at, long version)
    {
        var counted = threshold.Counted(state.Occurrences, at);
        var incident = Existing(runtime, group, state, version);
        var text = $"counted {counted} of {threshold.After} within {DurationText.Format(threshold.Within)}: {(incident is null ? "no incident yet" : $"incident {incident} since")}";
        return new { reason, incident, group = group.ToString(), counted = new { number = counted, of = threshold.After }, pages = incident is null ? [] : Pages(runtime.History, incident), summary = text };
    }

    private static string Muted(Mute mute, string? incident) => $"{Spoken.Of(mute)}: {(incident is null ? "no incident yet" : $"incident {incident} since")}";

    // A group that waits has an id for its incident before there is one, and may come to go on with another.
    private static string? Existing(Runtime runtime, StreamId group, GroupState state, long version)
    {
        var later = runtime.History.Events(group, version + 1, 100_000).Select(e => Payloads.Read(e.Envelope.Type, e.Envelope.Payload));
        var incident = later.TakeWhile(e => e is not (GroupEnded or GroupOpened or GroupReopened)).OfType<GroupMoved>().LastOrDefault()?.Incident ?? state.Incident!;
        return IsThere(runtime, incident) ? incident : null;
    }

    // The incident that an alert belongs to is the group's at that version, or the one that its problem moved to right after.
    private static (GroupState State, string Reason, Reason? Moved, Instant At) At(IJournalHistory history, StreamId group, long version)
    {
        var state = GroupState.Initial;
        var reason = "";
        Reason? moved = null;
        var at = default(Instant);
        foreach (var stored in history.Events(group, 1, 100_000))
        {
            var happened = (IEvent)Payloads.Read(stored.Envelope.Type, stored.Envelope.Payload);
            if (stored.Envelope.Version > version && happened is not GroupMoved)
                break;
            state = GroupState.Evolve(state, happened);
            moved = stored.Envelope.Version > version ? ((GroupMoved)happened).Why : null;
            if (stored.Envelope.Version == version)
                (reason, at) = (stored.Envelope.Reason, Time.Instant(stored.Envelope.Time));
        }

        return (state, reason, moved, at);
    }

    private static List<object> Pages(IJournalHistory history, string incident) =>
    [
        .. history.Events(StreamId.Incident(incident), 1, 10_000)
            .Select(e => (e.Envelope.Time, Happened: Payloads.Read(e.Envelope.Type, e.Envelope.Payload)))
            .Where(e => e.Happened is PageReported)
            .Select(e => (e.Time, Page: (PageReported)e.Happened))
            .Select(e => new { page = e.Page.Page, responder = e.Page.Responder, channel = e.Page.Channel, verdict = e.Page.Verdict, reason = e.Page.Why.ToString(), at = Time.Instant(e.Time) }),
    ];

    private static IResult Refused(HttpContext http, Runtime runtime, Credentials credentials, long? cursor, int? limit, string? identity, string? integration)
    {
        var caller = credentials.OperatorOrSender(http);
        if (!caller.Identity.MayOperate || caller.Integration is not null)
            identity = identity is null || identity == caller.Identity.Id ? caller.Identity.Id : throw new RefusedException(Reason.WrongCredential, $"{caller.Identity.Id} may see what was refused to itself only");
        if (limit is < 1 or > 500)
            throw new RefusedException(Reason.InvalidValue, "limit goes from 1 to 500");
        var size = limit ?? 50;
        var rows = runtime.History.RefusedBefore(cursor ?? 0, size + 1, identity, integration);
        return TypedResults.Json(new { items = rows.Take(size), next = rows.Count > size ? rows[size - 1].Id : (long?)null }, Json.Options);
    }
}
