using Incidents.Cluster.Shards;
using Incidents.Cluster.Wire;
using Incidents.Decisions;

namespace Incidents.Cluster.Grains;

/// <summary>Hands what it is given to this silo's engine if that owns the actor's shard, else to the shard's grain.</summary>
internal abstract class ActorGrain(ActorKind kind, IShardHost host) : Grain, IActorGrain
{
    private StreamId Actor => new(kind, this.GetPrimaryKeyString());

    private IShardGrain Owner => GrainFactory.GetGrain<IShardGrain>(Actor.Shard);

    public async Task<WireAnswer?> CallAsync(WireCall call) =>
        host.Owns(Actor.Shard) && await host.CallAsync(call.Open()) is { } answer ? WireAnswer.Of(answer) : await Owner.CallAsync(call);

    public async Task<WireState?> ReadAsync() =>
        host.Owns(Actor.Shard) && await host.ReadAsync(Actor) is { } seen ? WireState.Of(seen) : await Owner.ReadAsync(Actor.ToString());
}
