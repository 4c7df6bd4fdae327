using System.Collections.Concurrent;
using Incidents.Decisions;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using NodaTime;

namespace Incidents.Engine.Embedded;

/// <summary>
/// Shards that come and go, one move at a time and never while a flush is under way. Asked for by any thread, done on those of the host:
/// each move is a job for the writer that returns what the thread of turns does behind it.
/// </summary>
internal sealed class ShardMoves(TurnEngine engine, IShardJournal journal, IJournalHistory history, Action<IReadOnlyList<int>> lost)
{
    private readonly ConcurrentQueue<Move> _asked = new();
    private readonly bool[] _owned = new bool[StreamId.Shards];
    private Move? _leaving;

    public bool Owns(int shard) => Volatile.Read(ref _owned[shard]);

    public Task Take(IReadOnlyCollection<int> shards) => Ask(new Move([.. shards], isTake: true));

    public Task Release(IReadOnlyCollection<int> shards) => Ask(new Move([.. shards], isTake: false));

    /// <summary>The journal has found out that others have taken shards over. What was taken again meanwhile is not lost.</summary>
    public void Lose() => _ = Ask(new Move([], isTake: false) { IsLost = true });

    /// <summary>The next job for the writer; <see langword="null"/>: there is none, or it waits for what was decided to be flushed.</summary>
    public Func<Action<Instant>>? Next()
    {
        while (_leaving is null && _asked.TryDequeue(out var move))
        {
            if (move.IsTake)
                return () => Taken(move);
            if (move.IsLost)
            {
                Lost();
                move.Done.SetResult();
                continue;
            }

            int[] held = [.. move.Shards.Where(Owns)];
            _leaving = new Move(held, isTake: false) { Done = move.Done, Behind = engine.Leave(held) };
            Mark(held, isOurs: false);
        }

        if (_leaving is not { Behind: null or { Released: true } or { Dropped: true } } left)
            return null;
        _leaving = null;
        return () => Released(left);
    }

    /// <summary>Others have taken shards over.</summary>
    public void Tell(IReadOnlyList<int> shards)
    {
        Mark(shards, isOurs: false);
        if (shards.Count > 0)
            lost(shards);
    }

    private void Lost()
    {
        int[] gone = [.. engine.Owned.Where(s => !journal.Holds(s))];
        if (gone.Length == 0)
            return;
        engine.Lose(gone);
        Tell(gone);
    }

    private Task Ask(Move move)
    {
        _asked.Enqueue(move);
        return move.Done.Task;
    }

    // A journal that does not answer is asked again: meanwhile nothing can be flushed either.
    private Action<Instant> Taken(Move move)
    {
        var taken = Until(() => journal.Take(move.Shards));
        var uncovered = Until(() => Recovery.Uncovered(history, taken.UncoveredFrom, move.Shards));
        return now =>
        {
            engine.Adopt(taken, uncovered, now);
            Mark(move.Shards, isOurs: true);
            move.Done.SetResult();
        };
    }

    private Action<Instant> Released(Move move)
    {
        Until(() =>
        {
            journal.Release(move.Shards);
            return 0;
        });
        return _ =>
        {
            engine.Forget(move.Shards);
            move.Done.SetResult();
        };
    }

    private static T Until<T>(Func<T> done)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return done();
            }
            catch (IOException)
            {
                EmbeddedHost.Pause(tries);
            }
        }
    }

    private void Mark(IEnumerable<int> shards, bool isOurs)
    {
        foreach (var shard in shards)
            Volatile.Write(ref _owned[shard], isOurs);
    }

    private sealed record Move(int[] Shards, bool isTake)
    {
        public bool IsTake => isTake;

        public bool IsLost { get; init; }

        public Entry? Behind { get; init; }

        public TaskCompletionSource Done { get; init; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
