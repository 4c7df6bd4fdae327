using System.Diagnostics;
using Incidents.Decisions;
using Incidents.Delivery;
using Incidents.Engine.Turns;
using Incidents.Pages;

namespace Incidents.Engine.Tracing;

/// <summary>
/// The spans of the chain behind an answer. Only what continues a recorded trace makes one, so that without a listener, and for
/// repeats and untraced work, no span is made at all.
/// </summary>
public static class Spans
{
    /// <summary>The name to listen to.</summary>
    public const string SourceName = "Orleans.Incidents";

    private const int MaxLinks = 32;

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Gives a commit and its messages their origin, with a span of its own for the turn where the work is traced: it says that and what was decided, not how few microseconds it took.</summary>
    internal static void Follow(Commit commit, Origin? origin)
    {
        if (origin is null)
            return;
        if (origin.IsTraced)
            origin = origin with { Trace = Turn(commit, origin.Trace) };
        commit.Origin = origin;
        var trace = origin.TraceOnly;
        foreach (var message in commit.Made)
            message.Origin = IsTimer(message) ? trace : origin;
    }

    /// <summary>A flush, linked to the spans that it makes durable; <see langword="null"/>: none of them is traced.</summary>
    public static Activity? Flush(Flush flush)
    {
        if (!Source.HasListeners())
            return null;
        var links = flush.Commits.Select(c => c.Origin).Concat(flush.Requests.Select(r => r.Work.Origin)).Where(o => o is { IsTraced: true })
            .Select(o => o!.Trace).Distinct().Take(MaxLinks).Select(trace => new ActivityLink(trace)).ToList();
        if (links.Count == 0)
            return null;
        var span = Source.StartActivity("flush", ActivityKind.Internal, parentContext: default, links: links);
        span?.SetTag("incidents.flush.commits", flush.Commits.Count);
        span?.SetTag("incidents.flush.requests", flush.Requests.Count);
        return span;
    }

    /// <summary>One attempt to deliver a page; current until it is disposed.</summary>
    public static Activity? Delivery(PageContent page, int attempt, Origin? origin)
    {
        if (origin is not { IsTraced: true })
            return null;
        var span = Source.StartActivity($"deliver {page.Contact.Channel}", ActivityKind.Client, origin.Trace);
        span?.SetTag("incidents.incident.id", page.Incident);
        span?.SetTag("incidents.page.id", page.Id);
        span?.SetTag("incidents.service", page.Service);
        span?.SetTag("incidents.channel", page.Contact.Channel);
        span?.SetTag("incidents.attempt", attempt);
        return span;
    }

    /// <summary>How an attempt ended. What the receiver said stays out: it is somebody else's text.</summary>
    public static void Ended(Activity? span, DeliveryResult result)
    {
        span?.SetTag("incidents.reason", result.Reason.ToString());
        if (result.Verdict != DeliveryVerdict.Delivered)
            span?.SetStatus(ActivityStatusCode.Error, result.Reason.ToString());
    }

    // What waits for its time begins a trace of its own with a link: a trace must not go on for weeks.
    private static bool IsTimer(MessageWork message) => !message.AtOnce && message.To.Kind != ActorKind.Page;

    private static ActivityContext Turn(Commit commit, ActivityContext from)
    {
        var stream = commit.Slot.Stream;
        var name = $"turn {stream.Kind.ToString().ToLowerInvariant()}";
        using var span = commit.Work is MessageWork timer && IsTimer(timer)
            ? Source.StartActivity(name, ActivityKind.Internal, parentContext: default, links: [new ActivityLink(from)])
            : Source.StartActivity(name, ActivityKind.Internal, from);
        if (span is not { Recorded: true })
            return default;
        span.SetTag("incidents.actor", stream.ToString());
        span.SetTag("incidents.reason", commit.Reason.ToString());
        span.SetTag("incidents.incident.id", Subject.Incident(commit));
        if (stream.Kind == ActorKind.Page)
            span.SetTag("incidents.page.id", stream.Key);
        if (commit.IsSetAside)
            span.SetStatus(ActivityStatusCode.Error, "kept aside");
        return span.Context;
    }
}
