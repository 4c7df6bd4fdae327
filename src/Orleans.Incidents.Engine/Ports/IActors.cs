using Incidents.Decisions;
using Incidents.Engine.Turns;

namespace Incidents.Engine;

/// <summary>The actors, wherever they are decided for.</summary>
public interface IActors
{
    /// <summary>
    /// Decides a command and waits until it is durable. A remembered id that was given before does nothing again, and an actor at
    /// another version than the one expected changes nothing.
    /// </summary>
    /// <param name="id">The command's durable id.</param>
    /// <param name="to">The actor.</param>
    /// <param name="by">Who gives it.</param>
    /// <param name="command">What to decide on.</param>
    /// <param name="remembered">Whether the id is the caller's own, so that the same id again does nothing again.</param>
    /// <param name="expected">The version that the caller saw; absent: whatever it is.</param>
    /// <param name="origin">Where it began; absent: the span that is current.</param>
    /// <exception cref="OwnerUnreachableException">No node answered for the actor; whether it was done shows when it is given again under the same id.</exception>
    Task<CallAnswer> CallAsync(CommandId id, StreamId to, Caller by, ICommand command, bool remembered = false, long? expected = null, Tracing.Origin? origin = null);

    /// <summary>Looks at an actor in its turn.</summary>
    /// <exception cref="OwnerUnreachableException">No node answered for it.</exception>
    Task<ReadAnswer> ReadAsync(StreamId of);
}

/// <summary>No node answers for an actor at the moment.</summary>
public sealed class OwnerUnreachableException(StreamId actor, Exception? why) : Exception($"no node answers for {actor} at the moment", why);
