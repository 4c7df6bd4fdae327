using Incidents.Engine.Turns;

namespace Incidents.Engine;

/// <summary>A journal that several nodes write, each for the shards that it owns.</summary>
public interface IShardJournal : IJournal
{
    /// <summary>
    /// Takes shards over, whoever has them: from then on no flush of an earlier owner that uses one of them becomes durable. Called between
    /// two flushes, on their thread.
    /// </summary>
    /// <exception cref="IOException">Nobody knows whether they are taken; taking them again settles it.</exception>
    ShardsTaken Take(IReadOnlyCollection<int> shards);

    /// <summary>Gives shards up, so that the next owner does not take this one for dead.</summary>
    /// <param name="shards">Shards whose every decision is flushed.</param>
    /// <exception cref="IOException">It may be tried again.</exception>
    void Release(IReadOnlyCollection<int> shards);

    /// <summary>Whether a shard is this node's as far as its journal knows. Any thread may ask.</summary>
    bool Holds(int shard);
}

/// <summary>Shards that were taken over.</summary>
/// <param name="Position">The last flush before.</param>
/// <param name="UncoveredFrom">The lowest position whose receipt block holds repeats of their groups which no event covers; above <paramref name="Position"/>: none does.</param>
/// <param name="Shards">Each with whether its owner before did not give it up: something that it was doing may have killed it.</param>
public sealed record ShardsTaken(long Position, long UncoveredFrom, IReadOnlyList<(int Shard, bool AfterDeath)> Shards);

/// <summary>What a node reads that owns some of the shards.</summary>
public interface IShardReader : IJournalReader
{
    /// <summary>As <see cref="IJournalReader.Due"/>, of some shards alone.</summary>
    IReadOnlyList<MessageWork> Due(Lane lane, DueKey after, long through, int limit, IReadOnlyCollection<int> shards);

    /// <summary>What nodes that did not own the receiver's shard sent to shards in the flushes behind a position, as far as it is there still.</summary>
    Mail Mail(long after, IReadOnlyCollection<int> shards);
}

/// <summary>Messages of other nodes.</summary>
/// <param name="Position">The flush that was read through.</param>
/// <param name="Messages">Those of both lanes, in order of the flushes.</param>
public sealed record Mail(long Position, IReadOnlyList<MessageWork> Messages);
