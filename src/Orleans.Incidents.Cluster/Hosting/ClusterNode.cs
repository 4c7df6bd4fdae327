using Incidents.Cluster.Shards;
using Incidents.Engine.Embedded;
using Incidents.Engine.Nodes;

namespace Incidents.Cluster.Hosting;

/// <summary>This process's place in the cluster.</summary>
public sealed class ClusterNode : IClusterHost
{
    private readonly EngineShards _engine;

    internal ClusterNode(EngineShards engine, IPeers peers) => (_engine, Peers) = (engine, peers);

    public IPeers Peers { get; }

    public void Attach(EmbeddedHost engine) => _engine.Attach(engine);

    public void Lost(IReadOnlyList<int> shards) => _engine.Lost(shards);
}
