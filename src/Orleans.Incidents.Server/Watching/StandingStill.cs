using Incidents.Engine;
using Incidents.Engine.Views;
using Incidents.Routing;
using NodaTime;

namespace Incidents.Server.Watching;

/// <summary>
/// Finds what is past its time, in what is stored and not in what the engine believes. Every look is along an index, so it costs the
/// same however much is stored.
/// </summary>
/// <param name="messages">The stored messages.</param>
/// <param name="waiting">What goes on by itself, by the events alone.</param>
/// <param name="lateAfter">How long something may be past its time.</param>
internal sealed class StandingStill(IWaitingMessages messages, IWaitingViews waiting, Duration lateAfter)
{
    /// <summary>No more than this many of a kind are counted.</summary>
    public const int MostCounted = 10_000;

    private const int Examples = 3;

    private (string Id, Instant Since)? _next;

    /// <summary>What is past its time now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="viewsAreFresh">Whether the views follow the journal; where they do not, escalations and pages are not judged.</param>
    public IReadOnlyList<Finding> Find(Instant now, bool viewsAreFresh)
    {
        var found = new List<Finding>();
        var before = now - lateAfter;
        Add(found, Messages(before) ?? AtOnce(now));
        if (!viewsAreFresh)
            return found;
        Add(found, Waiting(WaitingKind.Escalation, FindingKind.StalledEscalations, before, "escalation stands still", "escalations stand still"));
        Add(found, Waiting(WaitingKind.Lapsed, FindingKind.LapsedEscalations, now, "escalation lapsed after a time-out that came too late", "escalations lapsed after time-outs that came too late"));
        Add(found, Waiting(WaitingKind.Page, FindingKind.StalledPages, before, "page stands still", "pages stand still"));
        return found;
    }

    private static void Add(List<Finding> found, Finding? one)
    {
        if (one is not null)
            found.Add(one);
    }

    private Finding? Messages(Instant before)
    {
        var count = messages.CountLate(before, MostCounted);
        if (count == 0)
            return null;
        var oldest = messages.Late(before, Examples);
        return Of(FindingKind.LateMessages, count, $"stored message is over {Bound} past its time", $"stored messages are over {Bound} past their time", [.. oldest.Select(m => $"{m.Type} for {m.To}")]);
    }

    // What waits for nothing but its turn has no time of its own: it is late when it is still the next one after that long.
    private Finding? AtOnce(Instant now)
    {
        var next = messages.Next();
        _next = next is null ? null : _next is { } before && before.Id == next.Id ? before : (next.Id, now);
        return _next is { } first && now - first.Since > lateAfter
            ? Of(FindingKind.LateMessages, 1, $"stored message waits for its turn for over {Bound}", "", [$"{next!.Type} for {next.To}"])
            : null;
    }

    private Finding? Waiting(WaitingKind kind, FindingKind found, Instant before, string one, string many)
    {
        var count = waiting.CountWaiting(kind, before, MostCounted);
        return count == 0 ? null : Of(found, count, one, many, [.. waiting.Waiting(kind, before, Examples).Select(w => w.Id)]);
    }

    private static Finding Of(FindingKind kind, long count, string one, string many, IReadOnlyList<string> examples) => new(
        kind, count, $"{(count >= MostCounted ? $"{MostCounted} or more" : count)} {(count == 1 ? one : many)}, {(count > examples.Count ? "such as " : "")}{string.Join(", ", examples)}", examples);

    private string Bound => DurationText.Format(lateAfter);
}
