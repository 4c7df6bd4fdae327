using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Simulation.Nodes;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Store;

/// <summary>
/// One node's writer of the simulated disk. What it proves it proves as PostgreSQL does: in the moment of the commit, of the shards that
/// the flush rests on and of the receivers of its messages that are not marked as crossing.
/// </summary>
internal sealed class NodeJournal(Image image, Rules rules, EngineOptions options, Random random, NodeTally tally, int node, Action ring) : IShardJournal
{
    private readonly Applying _applying = new(image, rules, node);
    private readonly long[] _epochs = new long[StreamId.Shards];
    private readonly HashSet<int> _givenUp = [];
    private Flush? _inDoubt;

    /// <summary>Whether nothing but content goes wrong.</summary>
    public bool Calm { get; set; }

    /// <summary>Whether a flush may still commit.</summary>
    public bool InDoubt => _inDoubt is not null;

    public FlushOutcome Commit(Flush flush)
    {
        var luck = Calm ? 100 : random.Next(100);
        if (luck < 4)
        {
            tally.Hit(NodeFault.LostFlush);
            return FlushOutcome.Failed(FlushStatus.Lost, "the server does not answer");
        }

        if (flush.IsEmpty)
            return Prove(flush);
        if (flush.Commits.Any(SimJournal.IsPoison) || IsTwin(flush))
            return Reject(flush);
        return luck < 12 ? Unknown(flush) : Write(flush);
    }

    public FlushOutcome Settle(Flush flush)
    {
        if (!Calm && random.Next(3) == 0)
        {
            tally.Hit(NodeFault.UnknownAgain);
            return FlushOutcome.Failed(FlushStatus.Unknown, "settling was cut off as well");
        }

        if (random.Next(2) == 0)
            CommitLate();
        _inDoubt = null;
        for (var i = image.Flushes.Count - 1; i >= 0; i--)
        {
            if (image.Flushes[i].Id == flush.Id)
                return FlushOutcome.Committed(i + 1, image.Flushes[i].Lost);
        }

        tally.Hit(NodeFault.UnknownNever);
        image.FlushIds.Add(flush.Id.Value);
        return FlushOutcome.Failed(FlushStatus.Lost, "it did not commit and never can");
    }

    /// <summary>A transaction that is still under way somewhere ends.</summary>
    public void CommitLate()
    {
        if (_inDoubt is not { } flush)
            return;
        _inDoubt = null;
        Land(flush);
    }

    /// <summary>A flush arrives that nobody waits for any more: it commits unless its id is taken, or what it rests on is another's.</summary>
    public void Land(Flush flush)
    {
        if (image.FlushIds.Contains(flush.Id.Value) || flush.IsEmpty || flush.Commits.Any(SimJournal.IsPoison))
            return;
        tally.Hit(!IsTwin(flush) && Write(flush).Status == FlushStatus.Committed ? NodeFault.UnknownCommittedLate : NodeFault.LateOfAnother);
    }

    public ShardsTaken Take(IReadOnlyCollection<int> shards)
    {
        image.Story?.Add($"node {node} takes {string.Join(' ', shards)}");
        var position = image.Position;
        var before = shards.Order().Select(s => (Shard: s, image.Shards[s].Node, From: image.Shards[s].Epoch == 0 ? position + 1 : image.Shards.UncoveredFrom(s))).ToList();
        foreach (var (shard, owner, from) in before)
        {
            var row = image.Shards[shard];
            tally.Hit(NodeFault.StolenShard, owner > 0 && owner != node ? 1 : 0);
            tally.Hit(NodeFault.AdoptedRepeats, from <= position ? 1 : 0);
            (row.Node, row.Position, row.UncoveredFrom) = (node, position, rules.KeepUncovered ? from : position + 1);
            _givenUp.Remove(shard);
            _epochs[shard] = row.Epoch = rules.RaiseEpoch || row.Epoch == 0 ? row.Epoch + 1 : row.Epoch;
        }

        return new ShardsTaken(position, before.Count == 0 ? position + 1 : before.Min(b => b.From), [.. before.Select(b => (b.Shard, b.Node != 0 && b.Node != node))]);
    }

    public void Release(IReadOnlyCollection<int> shards)
    {
        image.Story?.Add($"node {node} releases {string.Join(' ', shards)}");
        foreach (var shard in shards.Where(s => image.Shards[s].Epoch == _epochs[s]))
        {
            var row = image.Shards[shard];
            (row.UncoveredFrom, row.Position, row.Node) = (image.Shards.UncoveredFrom(shard), image.Position, 0);
        }

        Forget(shards);
        _givenUp.UnionWith(shards);
    }

    public bool Holds(int shard) => _epochs[shard] > 0;

    /// <summary>Looks which of its shards are another's, as the server does every second.</summary>
    /// <returns>How many.</returns>
    public int Check()
    {
        int[] lost = [.. Enumerable.Range(0, StreamId.Shards).Where(s => Holds(s) && image.Shards[s].Epoch != _epochs[s])];
        Forget(lost);
        return lost.Length;
    }

    private FlushOutcome Prove(Flush flush) => Lost(flush.Shards([])) is { Count: > 0 } lost ? Taken(lost) : FlushOutcome.Committed(image.Position);

    private FlushOutcome Write(Flush flush)
    {
        var losers = _applying.Losers(flush, []);
        var dropped = flush.Closure(losers);
        var stored = flush.ToStore(dropped);
        if (Lost(flush.Shards(dropped).Union(stored.Where(m => rules.ProveReceivers && !m.Crosses).Select(m => m.To.Shard))) is { Count: > 0 } lost)
            return Taken(lost);

        // Whatever the epochs say: since the last take-over nobody else decides for a shard.
        foreach (var shard in flush.Shards(dropped))
            Must.Hold(image.Shards[shard].Node == node, () => $"node {node} decides for shard {shard}, which is node {image.Shards[shard].Node}'s");
        foreach (var message in stored.Where(m => !m.Crosses))
            Must.Hold(image.Shards[message.To.Shard].Node == node, () => $"{message.Command} to {message.To} is not marked as crossing, and node {image.Shards[message.To.Shard].Node} owns its receiver");
        _applying.Apply(flush, losers);
        tally.Hit(NodeFault.Crossing, stored.Count(m => m.Crosses));
        tally.Hit(NodeFault.LostHead, losers.Count);
        if (stored.Any(m => m.Crosses))
            ring();
        return FlushOutcome.Committed(image.Position, losers);
    }

    private List<int> Lost(IEnumerable<int> shards) => rules.ProveOwnership ? [.. shards.Where(s => _epochs[s] == 0 || image.Shards[s].Epoch != _epochs[s])] : [];

    private FlushOutcome Taken(IReadOnlyList<int> lost)
    {
        tally.Hit(NodeFault.StaleFlush);
        Must.Hold(!lost.Any(_givenUp.Contains), () => $"node {node} gave up shard {lost.First(_givenUp.Contains)} and decides for it");
        Forget(lost);
        return FlushOutcome.Taken(lost);
    }

    private void Forget(IEnumerable<int> shards)
    {
        foreach (var shard in shards)
            _epochs[shard] = 0;
    }

    // The same request was accepted by another node meanwhile: its key is there.
    private bool IsTwin(Flush flush)
    {
        var isTwin = flush.Requests.Any(r => r.Request.Key is { } key && image.Requests.ContainsKey(key.Value));
        tally.Hit(NodeFault.TwinAtTwoNodes, isTwin ? 1 : 0);
        return isTwin;
    }

    private FlushOutcome Reject(Flush flush)
    {
        tally.Hit(NodeFault.RejectedFlush);
        if (flush.Entries is [Commit { Consumed: { Stored: true } message }] && image.Messages.Find(message.Id.Value) is { } row)
        {
            row.Attempts++;
            image.Rejections[message.Id.Value] = image.Rejections.GetValueOrDefault(message.Id.Value) + 1;
            Must.Hold(image.Rejections[message.Id.Value] <= options.MaxFailures * 3, () => $"{row} fails for what it holds again and again");
        }

        return FlushOutcome.Failed(FlushStatus.Rejected, "the content cannot be stored");
    }

    private FlushOutcome Unknown(Flush flush)
    {
        if (random.Next(3) != 0)
        {
            _inDoubt = flush;
        }
        else if (Write(flush) is { Status: FlushStatus.Committed })
        {
            tally.Hit(NodeFault.UnknownCommitted);
        }

        return FlushOutcome.Failed(FlushStatus.Unknown, "the connection ended");
    }
}
