using NodaTime;

namespace Incidents.Engine;

/// <summary>A look at the messages that are stored, past the engine. Safe to call from any thread; short however many there are.</summary>
public interface IWaitingMessages
{
    /// <summary>Those for actors that were due before a time, the oldest first.</summary>
    IReadOnlyList<StoredMessage> Late(Instant before, int limit);

    /// <summary>How many of them there are; no more than <paramref name="most"/> are counted.</summary>
    long CountLate(Instant before, int most);

    /// <summary>Those for actors that wait for their time, in order of it.</summary>
    /// <param name="after">The last of the page before; <see langword="null"/>: from the beginning.</param>
    /// <param name="limit">The most that one look reads.</param>
    IReadOnlyList<StoredMessage> Timers(StoredMessage? after, int limit);

    /// <summary>The oldest that waits for nothing but its turn; <see langword="null"/>: none.</summary>
    StoredMessage? Next();
}

/// <summary>A stored message.</summary>
/// <param name="Id">Its durable id, as text.</param>
/// <param name="To">The stream that it is for.</param>
/// <param name="Type">The command's stable name.</param>
/// <param name="Due">When it was due; meaningless of one that waits for nothing.</param>
public sealed record StoredMessage(string Id, string To, string Type, Instant Due);
