using Incidents.Engine.Turns;
using Incidents.Grouping;

namespace Incidents.Engine.Receipts;

/// <summary>What a start, or a node that takes shards over, reads of receipt blocks: repeats that no event covers and no row keeps yet.</summary>
public static class Recovery
{
    private const int BlocksAtOnce = 64;

    /// <summary>Groups whose blocks hold more than their rows, each with all of its repeats. What is in rows alone is read with its group.</summary>
    public static IReadOnlyList<UncoveredRepeats> Uncovered(IJournalHistory history) => Uncovered(history, history.UncoveredFrom);

    /// <summary>The same, from a position on, of some shards' groups.</summary>
    /// <param name="history">The journal.</param>
    /// <param name="from">The first position whose block is read.</param>
    /// <param name="shards">The shards; absent: all.</param>
    public static IReadOnlyList<UncoveredRepeats> Uncovered(IJournalHistory history, long from, IReadOnlyCollection<int>? shards = null) =>
        Uncovered(history, from, row => row.Saved, u => shards?.Contains(u.Group.Shard) != false);

    internal static IReadOnlyList<UncoveredRepeats> Uncovered(IJournalHistory history, long from, Func<StreamRow, SavedRepeats?> saved, Func<UncoveredRepeats, bool> which)
    {
        var known = new Dictionary<long, (long Version, Repeats Repeats, long Position)>();
        var rows = new Dictionary<long, StreamRow>();
        var last = history.Position;
        for (var next = Math.Max(1, from); next <= last;)
        {
            var blocks = history.Blocks(next, BlocksAtOnce);
            foreach (var (number, row) in history.Rows([.. blocks.SelectMany(b => ReceiptBlock.Groups(b.Bytes)).Distinct().Where(n => !rows.ContainsKey(n))]))
                rows.Add(number, row);
            foreach (var block in blocks.Where(b => b.Position <= last))
                ReceiptBlock.AddRepeats(block.Bytes, block.SealedAt, block.Position, n => saved(rows[n]), known);
            next = blocks.Count < BlocksAtOnce ? last + 1 : blocks[^1].Position + 1;
        }

        return [.. known.Select(k => new UncoveredRepeats(rows[k.Key].Stream, k.Value.Version, k.Value.Repeats, k.Value.Position)).Where(which)];
    }
}
