using Incidents.Engine.Turns;

namespace Incidents.Engine.Timers;

/// <summary>
/// Stored messages that wait for their time: the next ones in memory, all others only on disk. Everything on disk up to
/// <see cref="_known"/> is in memory or was taken; what lies behind it is read when its time comes near.
/// </summary>
internal sealed class DueQueue(Lane lane, int capacity)
{
    private readonly PriorityQueue<MessageWork, DueKey> _waiting = new();
    private readonly HashSet<UInt128> _ids = [];
    private DueKey _known = DueKey.Start;

    public Lane Lane => lane;

    public int Count => _waiting.Count;

    /// <summary>When the next one known is due, in nanoseconds since 1970; <see langword="null"/>: none is known.</summary>
    public long? Next => _waiting.TryPeek(out _, out var key) ? key.Due : null;

    /// <summary>A message was stored.</summary>
    public void Stored(MessageWork message)
    {
        var key = Key(message);
        if (key > _known)
            return;
        if (_waiting.Count >= capacity)
        {
            // No room: it and all behind it are read from disk again when there is.
            _known = Before(key);
            return;
        }

        if (_ids.Add(message.Id.Value))
            _waiting.Enqueue(message, key);
    }

    /// <summary>Reads what comes due soon, as far as there is room.</summary>
    public void Refill(IJournalReader reader, long horizon)
    {
        while (_known.Due < horizon && _waiting.Count < capacity)
        {
            var room = Math.Min(capacity - _waiting.Count, 1000);
            var rows = reader.Due(lane, _known, horizon, room);
            foreach (var row in rows)
            {
                if (_ids.Add(row.Id.Value))
                    _waiting.Enqueue(row, Key(row));
            }

            _known = rows.Count < room ? new DueKey(horizon, UInt128.MaxValue) : Key(rows[^1]);
        }
    }

    /// <summary>Takes the next one that is due.</summary>
    public MessageWork? Take(long now)
    {
        if (!_waiting.TryPeek(out var message, out var key) || key.Due > now)
            return null;
        _waiting.Dequeue();
        return message;
    }

    /// <summary>A taken message's row is gone: its id need not be remembered.</summary>
    public void Consumed(MessageWork message) => _ids.Remove(message.Id.Value);

    private static DueKey Key(MessageWork message) => new(message.Due, message.Id.Value);

    private static DueKey Before(DueKey key) => key.Id == 0 ? new(key.Due - 1, UInt128.MaxValue) : new(key.Due, key.Id - 1);
}
