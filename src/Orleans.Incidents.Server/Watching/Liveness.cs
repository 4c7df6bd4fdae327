using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Journal;
using Incidents.Server.Hosting;
using NodaTime;

namespace Incidents.Server.Watching;

/// <summary>
/// Whether the parts answer: a look at an actor comes back in its turn, the journal can be written, the lists follow. Nothing here
/// waits longer than <see cref="Patience"/>, and one that hangs is not asked a second time until it comes back.
/// </summary>
internal sealed class Liveness(Runtime runtime)
{
    /// <summary>How long a part may take to answer.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    // A flush that is this fresh proves more than a row of our own.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private Task<ReadAnswer>? _look;
    private Task? _proof;
    private long _shown = -1;

    /// <summary>Looks at a group in its turn; <see langword="null"/>: the engine does not answer.</summary>
    public async Task<GroupState?> LookAsync(StreamId group, CancellationToken stop)
    {
        _look = _look is { IsCompleted: false } ? _look : runtime.Host.Ended.IsCompleted ? null : runtime.Actors.ReadAsync(group);
        if (_look is null || !await InTimeAsync(_look, stop))
            return null;
        return (GroupState)(await _look).State;
    }

    /// <summary>Why flushes do not get through at the moment, as far as is seen without trying; <see langword="null"/>: they do.</summary>
    public string? FlushesFail() => runtime.Host.Failing ? "flushes fail" : runtime.Journal.Age > Patience * 0.5 ? "a flush hangs" : null;

    /// <summary>Why the journal cannot be written; <see langword="null"/>: it can.</summary>
    public async Task<string?> UnwritableAsync(CancellationToken stop)
    {
        if (FlushesFail() is { } why)
            return why;
        if (runtime.Journal.SinceCommitted is { } since && since < Fresh)
            return null;
        _proof = _proof is { IsCompleted: false } ? _proof : Task.Run(() => runtime.ProveWritable(), CancellationToken.None);
        try
        {
            return await InTimeAsync(_proof, stop) ? null : "a write hangs";
        }
        catch (JournalFailureException failure)
        {
            return failure.Message;
        }
        catch (JournalBrokenException broken)
        {
            // What was promised is no longer certain, whoever noticed it.
            runtime.Host.Leave(broken);
            return broken.Message;
        }
    }

    /// <summary>
    /// How the lists follow: whether they show all that is stored now, and, if they do not, why they will not either. Lists that are
    /// made anew come after and are neither.
    /// </summary>
    public async Task<(bool AreFresh, string? Stale)> ListsAsync(CancellationToken stop)
    {
        var stored = runtime.History.Position;
        using var patience = new CancellationTokenSource(Patience, runtime.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            await runtime.Projector.WaitAsync(stored, either.Token);
            return (true, null);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            var shown = runtime.Projector.Position;
            var standsStill = shown == _shown;
            _shown = shown;
            return (false, runtime.Projector.Broken is { } broken ? broken.Message : standsStill ? $"they stand at {shown}, the journal at {stored}" : null);
        }
    }

    private async Task<bool> InTimeAsync(Task task, CancellationToken stop)
    {
        try
        {
            await task.WaitAsync(Patience, runtime.Clock, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
