using Incidents.Decisions;
using Incidents.Engine.Turns;

namespace Incidents.Engine.Timers;

/// <summary>Reads stored messages of a lane behind a place and due at or before a time, in order of (due, id), at most so many.</summary>
internal delegate IReadOnlyList<MessageWork> ReadDue(Lane lane, DueKey after, long through, int limit);

/// <summary>
/// Stored messages that wait for their time: the next ones in memory, all others only on disk. Everything on disk up to
/// <see cref="_known"/> is in memory or was taken; what lies behind it is read when its time comes near.
/// </summary>
internal sealed class DueQueue(Lane lane, int capacity, EngineRules rules)
{
    private readonly SortedSet<MessageWork> _waiting = new(Comparer<MessageWork>.Create((a, b) => Key(a).CompareTo(Key(b))));
    private readonly HashSet<UInt128> _ids = [];
    private DueKey _known = DueKey.Start;
    private long _through = long.MinValue;

    public Lane Lane => lane;

    public int Count => _waiting.Count;

    /// <summary>
    /// When the next one may be due, in nanoseconds since 1970: the next in memory, or what comes behind on disk where memory was
    /// full; <see langword="null"/>: none comes soon.
    /// </summary>
    public long? Next => _waiting.Min?.Due ?? (_known.Due < _through ? _known.Due : null);

    /// <summary>A message was stored. One that is to be done at once is in memory already and is never read again.</summary>
    public void Stored(MessageWork message)
    {
        if (message.AtOnce)
            _ids.Add(message.Id.Value);
        else if (rules.NoticeStored && Key(message) <= _known && _ids.Add(message.Id.Value))
            Wait(message);
    }

    /// <summary>
    /// Reads what comes due within a time, as far as there is room, when half of that time is all that is known; after a restart also all that
    /// was to be done at once, to keep its order.
    /// </summary>
    /// <param name="due">Reads messages of this lane behind a place and due through a time, at most so many.</param>
    /// <param name="now">The time, in nanoseconds since 1970.</param>
    /// <param name="ahead">How far, in nanoseconds.</param>
    public void Refill(ReadDue due, long now, long ahead)
    {
        if (_known.Due >= now + (ahead / 2))
            return;
        var horizon = _through = now + ahead;
        while (_known.Due < horizon && (_known.Due <= 0 || _waiting.Count < capacity))
        {
            var room = Math.Clamp(capacity - _waiting.Count, _known.Due <= 0 ? Math.Min(capacity, 1000) : 1, 1000);
            var rows = due(lane, _known, horizon, room);
            _known = rows.Count < room ? new DueKey(horizon, UInt128.MaxValue) : Key(rows[^1]);
            foreach (var row in rows)
            {
                if (_ids.Add(row.Id.Value))
                    _waiting.Add(row);
            }
        }
    }

    /// <summary>Shards have come: reads what is stored of them as far as everything else is known.</summary>
    /// <param name="due">Reads their messages as in <see cref="Refill"/>.</param>
    public void Adopt(ReadDue due)
    {
        const int AtOnce = 1000;
        for (var after = DueKey.Start; after < _known;)
        {
            var rows = due(lane, after, _known.Due, AtOnce);
            foreach (var row in rows)
                Arrived(row);
            after = rows.Count < AtOnce ? _known : Key(rows[^1]);
        }
    }

    /// <summary>A message is on disk that may not be known here.</summary>
    public void Arrived(MessageWork message)
    {
        if ((message.AtOnce || Key(message) <= _known) && _ids.Add(message.Id.Value))
            Wait(message);
    }

    /// <summary>Forgets what waits for some receivers: another node serves them.</summary>
    public void Forget(Func<StreamId, bool> receivers)
    {
        foreach (var message in _waiting.Where(m => receivers(m.To)).ToList())
        {
            _waiting.Remove(message);
            _ids.Remove(message.Id.Value);
        }
    }

    /// <summary>Takes the next one that is due.</summary>
    public MessageWork? Take(long now)
    {
        if (_waiting.Min is not { } message || message.Due > now)
            return null;
        _waiting.Remove(message);
        return message;
    }

    /// <summary>A taken message's row is gone: its id need not be remembered.</summary>
    public void Consumed(MessageWork message) => _ids.Remove(message.Id.Value);

    // The last one makes room, so that what is due before it never waits on disk behind it.
    private void Wait(MessageWork message)
    {
        _waiting.Add(message);
        if (_waiting.Count <= capacity || message.AtOnce)
            return;
        var last = _waiting.Max!;
        _waiting.Remove(last);
        _ids.Remove(last.Id.Value);
        if (rules.ReadAgain)
            _known = Before(Key(last));
    }

    private static DueKey Key(MessageWork message) => new(message.Due, message.Id.Value);

    private static DueKey Before(DueKey key) => key.Id == 0 ? new(key.Due - 1, UInt128.MaxValue) : new(key.Due, key.Id - 1);
}
