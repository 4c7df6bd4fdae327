using System.Collections.Concurrent;
using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Letters;
using Incidents.Pages;
using Incidents.Responders;
using NodaTime;

namespace Incidents.Server.Telemetry;

/// <summary>Pages that are made and neither delivered, given up nor withdrawn, with when they were made.</summary>
internal sealed class PageAges(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Instant> _open = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _open.Count;

    /// <summary>How long the oldest of them has waited; zero when there is none.</summary>
    public Duration Oldest
    {
        get
        {
            var oldest = Instant.MaxValue;
            foreach (var (_, since) in _open)
                oldest = Instant.Min(oldest, since);
            return oldest == Instant.MaxValue ? Duration.Zero : Duration.Max(Duration.Zero, Time.Now(clock) - oldest);
        }
    }

    /// <summary>Takes up a page that an earlier process left behind.</summary>
    public void Add(string page, Instant since) => _open.TryAdd(page, since);

    /// <summary>Called on the engine's thread.</summary>
    public void Flushed(IReadOnlyList<Commit> commits)
    {
        foreach (var commit in commits)
        {
            for (var i = 0; i < commit.Happened.Count; i++)
            {
                switch (commit.Happened[i])
                {
                    case ResponderPaged paged:
                        foreach (var page in paged.Pages)
                            Add(page, Time.Instant(commit.Events[i].Time));
                        break;
                    case PageDelivered or PageGivenUp or PageWithdrawn:
                        _open.TryRemove(commit.Slot.Stream.Key, out _);
                        break;
                    case LetterKept { To: { Kind: ActorKind.Page } page }:
                        _open.TryRemove(page.Key, out _);
                        break;
                    default:
                        break;
                }
            }

        }
    }
}
