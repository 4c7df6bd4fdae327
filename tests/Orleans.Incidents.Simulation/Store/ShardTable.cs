using Incidents.Decisions;

namespace Incidents.Simulation.Store;

/// <summary>Who owns one shard on the simulated disk.</summary>
internal sealed class ShardRow
{
    /// <summary>0: nobody ever did.</summary>
    public long Epoch { get; set; }

    /// <summary>The node; 0: it was given up.</summary>
    public int Node { get; set; }

    /// <summary>The last flush before that.</summary>
    public long Position { get; set; }

    /// <summary>The lowest flush at that time whose block holds repeats that are nowhere else.</summary>
    public long UncoveredFrom { get; set; }
}

/// <summary>The shards of the simulated disk, as the table of the same name in PostgreSQL.</summary>
internal sealed class ShardTable
{
    private readonly ShardRow[] _rows = [.. Enumerable.Range(0, StreamId.Shards).Select(_ => new ShardRow())];
    private readonly Dictionary<int, (long Position, long From)> _last = [];

    public ShardRow this[int shard] => _rows[shard];

    /// <summary>A node's flush says itself from where on repeats of its groups are in blocks alone.</summary>
    public void Flushed(int node, long position, long uncoveredFrom) => _last[node] = (position, uncoveredFrom);

    public long UncoveredFrom(int shard) =>
        _last.TryGetValue(_rows[shard].Node, out var last) && last.Position > _rows[shard].Position ? last.From : _rows[shard].UncoveredFrom;
}
