using Incidents.Engine;

namespace Incidents.Simulation.Store;

/// <summary>The messages on the simulated disk, by id and in the order of each lane.</summary>
internal sealed class Mailbox
{
    private readonly Dictionary<UInt128, StoredMessage> _byId = [];
    private readonly SortedDictionary<DueKey, StoredMessage>[] _lanes = [new(), new()];

    public int Count => _byId.Count;

    public IEnumerable<StoredMessage> All => _lanes[0].Values.Concat(_lanes[1].Values);

    public StoredMessage? Find(UInt128 id) => _byId.GetValueOrDefault(id);

    public bool TryAdd(StoredMessage message)
    {
        if (!_byId.TryAdd(message.Id.Value, message))
            return false;
        _lanes[(int)message.Lane].Add(message.Key, message);
        return true;
    }

    public void Remove(UInt128 id)
    {
        if (_byId.Remove(id, out var message))
            _lanes[(int)message.Lane].Remove(message.Key);
    }

    /// <summary>Those of a lane that are due at or before a time, in order.</summary>
    public IEnumerable<StoredMessage> Due(Lane lane, long through) => _lanes[(int)lane].Values.TakeWhile(m => m.Due <= through);
}
