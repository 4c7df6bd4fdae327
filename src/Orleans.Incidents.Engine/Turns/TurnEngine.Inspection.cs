namespace Incidents.Engine.Turns;

public sealed partial class TurnEngine
{
    /// <summary>How many turns ran.</summary>
    internal long Turns => _turns;

    /// <summary>The actors in memory, for the simulation's checks.</summary>
    internal IEnumerable<Actor> Memory => _actors.Values;

    /// <summary>What is decided and not known to be flushed, in the order of decision.</summary>
    internal IEnumerable<Entry> Unflushed => _inFlight is { } flush ? flush.Entries.Concat(_queue) : _queue;

    /// <summary>What waits for its turn, as it would run.</summary>
    internal IEnumerable<Work> Ready => _ready.All;

    /// <summary>What may have killed the process before this one and is not through yet, in order.</summary>
    internal IEnumerable<MessageWork> Suspects => _onTrial.Concat(_suspects);

    /// <summary>What of it is being tried.</summary>
    internal IReadOnlyCollection<MessageWork> OnTrial => _onTrial;
}
