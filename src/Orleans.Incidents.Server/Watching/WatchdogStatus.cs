using System.Collections.Concurrent;
using Incidents.Engine;
using NodaTime;

namespace Incidents.Server.Watching;

/// <summary>What the last check said, for metrics. Thread-safe.</summary>
internal sealed class WatchdogStatus(TimeProvider clock)
{
    private readonly ConcurrentDictionary<FindingKind, long> _counts = new();
    private long _completed = clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>When the last check came to its end, whatever it found; before the first one, when the process started. In seconds since 1970.</summary>
    public double CompletedAt => Volatile.Read(ref _completed) / 1000.0;

    /// <summary>How many of a kind the last check found.</summary>
    public long Count(FindingKind kind) => _counts.GetValueOrDefault(kind);

    /// <summary>A check came to its end.</summary>
    public void Completed(Instant at, IReadOnlyList<Finding> findings)
    {
        foreach (var kind in FindingKinds.All)
            _counts[kind] = findings.Where(f => f.Kind == kind).Sum(f => f.Count);
        Volatile.Write(ref _completed, at.ToUnixTimeMilliseconds());
    }
}
