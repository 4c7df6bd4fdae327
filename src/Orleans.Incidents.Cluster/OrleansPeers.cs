using Incidents.Cluster.Grains;
using Incidents.Cluster.Wire;
using Incidents.Decisions;
using Incidents.Engine.Nodes;

namespace Incidents.Cluster;

/// <summary>The other silos' actors, by their grains. A silo that has gone shows as whatever Orleans throws; a call that is lost ends after the response time.</summary>
internal sealed class OrleansPeers : IPeers
{
    private IGrainFactory? _grains;

    /// <summary>The silo is being started.</summary>
    public void Bind(IGrainFactory grains) => _grains = grains;

    public async Task<AnswerEnvelope?> CallAsync(CallEnvelope call, CancellationToken cancel)
    {
        var wire = WireCall.Of(call);
        var answering = Address(call.To) is { } actor ? actor.CallAsync(wire) : Shard(call.To).CallAsync(wire);
        return (await answering.WaitAsync(cancel))?.Open();
    }

    public async Task<StateEnvelope?> ReadAsync(StreamId of, CancellationToken cancel)
    {
        var answering = Address(of) is { } actor ? actor.ReadAsync() : Shard(of).ReadAsync(of.ToString());
        return (await answering.WaitAsync(cancel))?.Open();
    }

    private IGrainFactory Grains => _grains ?? throw new InvalidOperationException("the silo is not started yet");

    private IShardGrain Shard(StreamId actor) => Grains.GetGrain<IShardGrain>(actor.Shard);

    private IActorGrain? Address(StreamId actor) => actor.Kind switch
    {
        ActorKind.Incident => Grains.GetGrain<IIncidentGrain>(actor.Key),
        ActorKind.Service => Grains.GetGrain<IServiceGrain>(actor.Key),
        ActorKind.Responder => Grains.GetGrain<IResponderGrain>(actor.Key),
        ActorKind.Identity => Grains.GetGrain<IIdentityGrain>(actor.Key),
        ActorKind.Group => Grains.GetGrain<IAlertGroupGrain>(actor.Key),
        _ => null,
    };
}
