using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Incidents.Cluster.Placement;

/// <summary>Places a shard where it belongs among the silos that take activations at the moment.</summary>
[Serializable, GenerateSerializer, Immutable, Alias("incidents.shard-placement")]
internal sealed class ShardPlacement : PlacementStrategy;

/// <summary>Marks the grain that is placed so.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShardPlacementAttribute() : PlacementAttribute(new ShardPlacement());

/// <summary>Chooses the silo.</summary>
internal sealed class ShardDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(Rendezvous.Choose((int)target.GrainIdentity.GetIntegerKey(), context.GetCompatibleSilos(target)));
}
