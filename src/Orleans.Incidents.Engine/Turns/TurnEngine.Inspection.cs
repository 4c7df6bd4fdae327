namespace Incidents.Engine.Turns;

public sealed partial class TurnEngine
{
    /// <summary>How many turns ran.</summary>
    internal long Turns => _turns;

    /// <summary>The actors in memory, for the simulation's checks.</summary>
    internal IEnumerable<Actor> Memory => _actors.Values;

    /// <summary>What is decided and not known to be flushed, in the order of decision.</summary>
    internal IEnumerable<Entry> Unflushed => _inFlight is { } flush ? flush.Entries.Concat(_queue) : _queue;
}
