using Incidents.Engine.Turns;

namespace Incidents.Engine.Views;

/// <summary>
/// What was flushed last, as it still is in memory: a follower that keeps up need not read and decode it again. Bounded: one that
/// falls behind reads the journal. Thread-safe.
/// </summary>
/// <param name="most">With how many events it takes up no further flush beside them, and begins anew with that one.</param>
/// <param name="position">The last flush before.</param>
internal sealed class RecentEvents(int most, long position)
{
    private readonly Lock _lock = new();
    private readonly List<StoredEvent> _events = [];
    private long _from = position;
    private long _through = position;

    /// <summary>These commits are durable at this position.</summary>
    public void Add(long position, IReadOnlyList<Commit> commits)
    {
        lock (_lock)
        {
            // What there was nothing to write of has no position of its own.
            if (position <= _through)
                return;
            if (position > _through + 1 || _events.Count >= most)
            {
                _events.Clear();
                _from = position - 1;
            }

            _through = position;
            var place = 0;
            foreach (var commit in commits)
            {
                for (var i = 0; i < commit.Events.Count; i++)
                    _events.Add(new StoredEvent(position, commit.Events[i], ++place) { Happened = commit.Happened[i] });
            }
        }
    }

    /// <summary>
    /// Takes out the events of the flushes behind a position, whole flushes only, until at least so many are taken, with the position that they
    /// lead to; <see langword="null"/>: what comes behind that position is not here.
    /// </summary>
    public (IReadOnlyList<StoredEvent> Events, long Position)? TakeBehind(long position, int atLeast)
    {
        lock (_lock)
        {
            if (position < _from || position >= _through)
                return null;
            var first = _events.FindIndex(e => e.Position > position);
            var end = first < 0 ? _events.Count : first;
            while (end < _events.Count && (end - first < atLeast || _events[end].Position == _events[end - 1].Position))
                end++;
            var taken = first < 0 ? [] : _events.GetRange(first, end - first);
            _from = end < _events.Count ? taken[^1].Position : _through;
            _events.RemoveRange(0, end);
            return (taken, _from);
        }
    }
}
