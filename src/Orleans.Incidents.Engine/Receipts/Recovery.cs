using Incidents.Engine.Turns;
using Incidents.Grouping;

namespace Incidents.Engine.Receipts;

/// <summary>What a start reads of receipt blocks: repeats that no event covers and no row keeps yet.</summary>
public static class Recovery
{
    /// <summary>Groups whose blocks hold more than their rows, each with all of its repeats. What is in rows alone is read with its group.</summary>
    public static IReadOnlyList<UncoveredRepeats> Uncovered(IJournalHistory history) => Uncovered(history, history.UncoveredFrom, history.Saved);

    internal static IReadOnlyList<UncoveredRepeats> Uncovered(IJournalHistory history, long from, Func<long, SavedRepeats?> saved)
    {
        var known = new Dictionary<long, (long Version, Repeats Repeats, long Position)>();
        var rows = new Dictionary<long, SavedRepeats?>();
        var last = history.Position;
        for (var position = Math.Max(1, from); position <= last; position++)
        {
            if (history.Block(position) is { } block)
                ReceiptBlock.AddRepeats(block.Bytes, block.SealedAt, position, Row, known);
        }

        return [.. known.Select(k => new UncoveredRepeats(history.Stream(k.Key)!.Value, k.Value.Version, k.Value.Repeats, k.Value.Position))];

        // A group's row is asked for once and not for each of its repeats.
        SavedRepeats? Row(long number) => rows.TryGetValue(number, out var row) ? row : rows[number] = saved(number);
    }
}
