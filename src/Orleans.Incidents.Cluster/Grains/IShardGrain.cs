using Incidents.Cluster.Wire;

namespace Incidents.Cluster.Grains;

/// <summary>One of the shards, by its number from 0: where it is active, there is the engine that decides for the shard's actors.</summary>
[Alias("incidents.shard")]
internal interface IShardGrain : IGrainWithIntegerKey
{
    /// <summary>Decides a command. A caller that gets no answer gives it again under the same id.</summary>
    /// <returns><see langword="null"/>: this silo does not own the shard any more.</returns>
    [Alias("call")]
    Task<WireAnswer?> CallAsync(WireCall call);

    /// <summary>Looks at an actor.</summary>
    /// <param name="of">The actor in its text form.</param>
    /// <returns><see langword="null"/>: this silo does not own the shard any more.</returns>
    [Alias("read")]
    Task<WireState?> ReadAsync(string of);

    /// <summary>Does nothing: the shard is active somewhere when it returns.</summary>
    [Alias("ping")]
    Task PingAsync();

    /// <summary>Has the shard move to where it belongs, as soon as what was decided for it is flushed.</summary>
    [Alias("move")]
    Task MoveAsync();
}
