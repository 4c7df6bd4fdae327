using Incidents.Decisions;
using Incidents.Engine.Nodes;

namespace Incidents.Cluster.Shards;

/// <summary>This silo's engine as its grains see it.</summary>
internal interface IShardHost
{
    /// <summary>Whether it decides for a shard, as far as it knows.</summary>
    bool Owns(int shard);

    /// <summary>Takes a shard over from whoever has it. Completes when the engine decides for it.</summary>
    /// <exception cref="OperationCanceledException">The engine has ended.</exception>
    Task TakeAsync(int shard);

    /// <summary>Gives a shard up, if it is owned. Completes when everything decided for it is flushed and the next owner may begin.</summary>
    /// <exception cref="OperationCanceledException">The engine has ended.</exception>
    Task ReleaseAsync(int shard);

    /// <summary>Decides a command, and does nothing again for an id that was given before.</summary>
    /// <returns><see langword="null"/>: another owns the actor.</returns>
    Task<AnswerEnvelope?> CallAsync(CallEnvelope call);

    /// <summary>Looks at an actor.</summary>
    /// <returns><see langword="null"/>: another owns it.</returns>
    Task<StateEnvelope?> ReadAsync(StreamId of);

    /// <summary>Has an activation told when another silo takes its shard over.</summary>
    /// <param name="activation">Whose word counts: a later activation of the shard replaces an earlier one.</param>
    /// <param name="lost">Must not block.</param>
    void WhenLost(int shard, object activation, Action lost);

    /// <summary>The activation is going.</summary>
    void Forget(int shard, object activation);
}
