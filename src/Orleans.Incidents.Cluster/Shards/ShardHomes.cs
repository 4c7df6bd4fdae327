using Incidents.Cluster.Placement;
using Incidents.Decisions;
using Orleans.Runtime;

namespace Incidents.Cluster.Shards;

/// <summary>Where each shard belongs, as this silo sees the cluster.</summary>
internal sealed class ShardHomes(IClusterMembershipService membership, ILocalSiloDetails here, TimeProvider clock)
{
    private readonly bool[] _ours = new bool[StreamId.Shards];
    private MembershipVersion _seen = MembershipVersion.MinValue;
    private long _since;

    /// <summary>Whether this silo takes part.</summary>
    public bool IsIn { get; private set; }

    /// <summary>How long the cluster has been as it is.</summary>
    public TimeSpan Age => clock.GetElapsedTime(_since);

    /// <summary>Whether a shard belongs to this silo.</summary>
    public bool IsOurs(int shard) => _ours[shard];

    /// <summary>Looks whether silos have come or gone.</summary>
    public void Look()
    {
        var snapshot = membership.CurrentSnapshot;
        if (snapshot.Version == _seen)
            return;
        (_seen, _since) = (snapshot.Version, clock.GetTimestamp());
        SiloAddress[] active = [.. snapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress)];
        IsIn = active.Contains(here.SiloAddress);
        for (var shard = 0; shard < StreamId.Shards; shard++)
            _ours[shard] = IsIn && Rendezvous.Choose(shard, active).Equals(here.SiloAddress);
    }
}
