using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Grouping;
using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>
/// What becomes of repeats behind their receipt. An event covers them when a rule has to see them, or when they have become many;
/// until then one row a group keeps them, written over and over, so that a sender that repeats for ever adds its receipts to the
/// journal and nothing else.
/// </summary>
public sealed partial class TurnEngine
{
    // A flush must not wait for thousands of rows because thousands of groups were repeated at once.
    private const int MaxSavesAtOnce = 256;

    private readonly Queue<(StreamId Group, Instant At)> _unsaved = new();
    private readonly PriorityQueue<(Actor Actor, long Version, long Position), long> _durable = new();

    private void SaveOld(Instant now)
    {
        // Those of the process before this one are not in memory yet.
        Prefetch(_unsaved.Take(MaxSavesAtOnce).TakeWhile(u => now - u.At >= _options.SaveAfter).Select(u => u.Group).Where(g => _actors.TryGetValue(g, out var known) && !known.IsSaved));
        for (var saves = 0; saves < MaxSavesAtOnce && _unsaved.TryPeek(out var oldest);)
        {
            var (group, at) = oldest;
            var isSaved = !_actors.TryGetValue(group, out var actor) || actor.IsSaved || !Owns(group);
            if (!isSaved && now - at < _options.SaveAfter)
                return;
            _unsaved.Dequeue();
            if (isSaved || Resident(group) is not { Repeats: { } repeats, IsSaved: false } loaded)
                continue;
            if (_options.CoverShare > 0 && repeats.Count >= ((GroupState)loaded.State!).Repeats / _options.CoverShare)
                CoverNow(loaded, repeats, now, endsUnit: true);
            else
                Save(loaded, repeats);
            saves++;
        }
    }

    // It keeps its actor in memory until the row is there, as every entry does.
    private void Save(Actor actor, Repeats repeats)
    {
        actor.Saved = repeats.Count;
        var entry = new SaveEntry(new RepeatsWork(), actor, new SavedRepeats(actor.Version, repeats, ((GroupState)actor.State!).Repeats + repeats.Count));
        if (actor.Busy)
            entry.DependsOn.Add(actor.Tail!);
        actor.Tail = entry;
        _queue.Add(entry);
    }

    // All repeats before it in the queue are flushed by now, and none behind it is.
    private static void Release(SaveEntry save)
    {
        save.Actor.LetGo(save);
        if (save.Actor.Durable is { } durable && durable.Version == save.Saved.Version)
            save.Actor.Durable = durable with { Position = 0 };
    }

    // The lowest position whose block still matters at a restart.
    private long UncoveredFrom()
    {
        if (!_rules.KeepLowWater)
            return 0;
        while (_durable.TryPeek(out var oldest, out _))
        {
            if (oldest.Actor.Durable is { } current && current.Version == oldest.Version && current.Position == oldest.Position)
                return oldest.Position;
            _durable.Dequeue();
        }

        return 0;
    }

    // Within a request it belongs to that request's unit.
    private void CoverNow(Actor actor, Repeats repeats, Instant now, bool endsUnit)
    {
        var covered = repeats.ToEvent(((GroupState)actor.State!).Incident!);
        var commit = Build(actor, new Decision(Reason.Repeated, [covered], []), new RepeatsWork(), now, default, Caller.Engine);
        commit.EndsUnit = endsUnit;
        Enqueue(commit, actor, null);
    }

    /// <summary>Repeats that an event covers or a row keeps. When it is dropped nothing is to be done again: they are still repeats.</summary>
    private sealed class RepeatsWork : Work;
}
