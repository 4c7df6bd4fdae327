using System.Diagnostics;
using Incidents.Engine;
using Incidents.Engine.Tracing;
using Incidents.Engine.Turns;
using Incidents.Server.Hosting;
using Incidents.Server.Logging;
using Incidents.Throttling;
using NodaTime;
using Duration = NodaTime.Duration;

namespace Incidents.Server.Telemetry;

/// <summary>The journal with a look at every flush: how long, how it ended, and a span linked to what it makes durable.</summary>
internal sealed class ObservedJournal(IJournal journal, ILogger log, TimeProvider clock) : IJournal
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly FloodGate _gate = new(new Budget(6, Duration.FromMinutes(1), 3), clock);
    private long _since;
    private long _committed;
    private volatile string? _failure;

    /// <summary>How long the flush that is under way has been; zero when none is.</summary>
    public TimeSpan Age => Volatile.Read(ref _since) is var since and > 0 ? clock.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>How long ago the last flush became durable; <see langword="null"/>: none has since the start.</summary>
    public TimeSpan? SinceCommitted => Volatile.Read(ref _committed) is var at and > 0 ? clock.GetElapsedTime(at) : null;

    /// <summary>Why the last flush that ended is not durable; <see langword="null"/>: it is.</summary>
    public string? Failure => _failure;

    public FlushOutcome Commit(Flush flush) => Look(flush, journal.Commit);

    public FlushOutcome Settle(Flush flush) => Look(flush, journal.Settle);

    private FlushOutcome Look(Flush flush, Func<Flush, FlushOutcome> write)
    {
        using var span = Spans.Flush(flush);
        var started = clock.GetTimestamp();
        if (Age == TimeSpan.Zero)
            Volatile.Write(ref _since, started);
        var outcome = write(flush);
        var took = clock.GetElapsedTime(started);
        if (outcome.Status != FlushStatus.Unknown)
            Volatile.Write(ref _since, 0);
        if (outcome.Status == FlushStatus.Committed)
            Volatile.Write(ref _committed, clock.GetTimestamp());
        Measure.FlushEnded(outcome.Status, took);
        Say(flush, outcome, took);
        span?.SetTag("incidents.flush.position", outcome.Position);
        if (outcome.Status != FlushStatus.Committed)
            span?.SetStatus(ActivityStatusCode.Error, outcome.Status.ToString());
        return outcome;
    }

    private void Say(Flush flush, FlushOutcome outcome, TimeSpan took)
    {
        if (took >= Slow && Allows("FlushSlow"))
            Log.FlushSlow(log, Math.Round(took.TotalSeconds, 3));
        if (outcome.Status != FlushStatus.Committed)
        {
            _failure = outcome.Detail;
            if (Allows("FlushFailed"))
                Log.FlushFailed(log, flush.Commits.Count, flush.Requests.Count, outcome.Status.ToString().ToLowerInvariant(), outcome.Detail);
        }
        else if (_failure is not null)
        {
            _failure = null;
            Log.FlushRecovered(log);
        }
    }

    private bool Allows(string kind)
    {
        if (!_gate.Allows(kind, out var leftOut))
            return false;
        if (leftOut > 0)
            Log.LinesLeftOut(log, kind, leftOut);
        return true;
    }
}
