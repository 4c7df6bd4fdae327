using Incidents.Engine.Embedded;

namespace Incidents.Engine.Nodes;

/// <summary>What decides which node owns which shard: it takes and releases them at the engine's host, and knows the way to the other nodes.</summary>
public interface IClusterHost
{
    /// <summary>The way to the other nodes. It throws until the cluster is joined.</summary>
    IPeers Peers { get; }

    /// <summary>Gives it the engine of this process, which owns nothing yet. Before the cluster is joined.</summary>
    void Attach(EmbeddedHost engine);

    /// <summary>Another node has taken shards over. Does not block.</summary>
    void Lost(IReadOnlyList<int> shards);
}
