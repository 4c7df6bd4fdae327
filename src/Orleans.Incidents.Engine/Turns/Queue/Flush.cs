using Incidents.Decisions;
using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>A prefix of the queue, written as one transaction.</summary>
public sealed class Flush
{
    /// <summary>Its id, given once; the first row it writes.</summary>
    public required CommandId Id { get; init; }

    /// <summary>When it was sealed.</summary>
    public required Instant SealedAt { get; init; }

    /// <summary>The entries, in order.</summary>
    public required IReadOnlyList<Entry> Entries { get; init; }

    /// <summary>The commits among them.</summary>
    public required IReadOnlyList<Commit> Commits { get; init; }

    /// <summary>The receipts among them.</summary>
    public required IReadOnlyList<RequestRecord> Requests { get; init; }

    /// <summary>The lowest position that still holds repeats which no event covers; the flush's own when it is 0.</summary>
    public required long UncoveredFrom { get; init; }

    /// <summary>What a node must read to understand all of it; 0: every one does.</summary>
    public int Needs { get; init; }

    /// <summary>Whether there is anything to write at all.</summary>
    public bool IsEmpty => Requests.Count == 0 && !Entries.Any(e => e is TrialEntry or SaveEntry) && Commits.All(c =>
        c.Remembers is null && c.Events.Count == 0 && c.Made.Count == 0 && c.Consumed is null or { Stored: false });

    /// <summary>
    /// The messages to store when some entries are left out: made by a commit that stays and not consumed by another that
    /// stays. A message that is made and consumed within a flush never touches the disk.
    /// </summary>
    public IReadOnlyList<MessageWork> ToStore(HashSet<Entry> dropped)
    {
        // A mark of its own for every call: what another call left out means nothing here.
        var mark = new object();
        var made = 0;
        foreach (var entry in Entries)
        {
            if (dropped.Contains(entry))
                continue;
            made += entry.Made.Count;
            if (entry.Consumed is { } consumed)
                consumed.Mark = mark;
        }

        var stored = new List<MessageWork>(made);
        foreach (var entry in Entries)
        {
            if (entry.Made.Count > 0 && !dropped.Contains(entry))
                stored.AddRange(entry.Made.Where(m => m.Mark != mark));
        }

        return stored;
    }

    /// <summary>The stored messages to delete when some entries are left out.</summary>
    public IEnumerable<MessageWork> ToDelete(HashSet<Entry> dropped) =>
        Entries.Where(e => !dropped.Contains(e)).Select(e => e.Consumed).OfType<MessageWork>().Where(m => m.Stored);

    /// <summary>The shards whose ownership everything rests on, when some entries are left out, in ascending order.</summary>
    public IReadOnlyList<int> Shards(HashSet<Entry> dropped) => [.. Entries.Where(e => !dropped.Contains(e)).SelectMany(e => e.Actors).Select(a => a.Shard).Distinct().Order()];

    /// <summary>Stored messages that are about to be tried, which is counted in this flush.</summary>
    public IEnumerable<MessageWork> Trials(HashSet<Entry> dropped) => Entries.OfType<TrialEntry>().Where(t => !dropped.Contains(t)).Select(t => t.Suspect);

    /// <summary>The repeats to be kept in their rows.</summary>
    public IEnumerable<SaveEntry> Saves(HashSet<Entry> dropped) => Entries.OfType<SaveEntry>().Where(s => !dropped.Contains(s));

    /// <summary>What within this flush depends on the given commits, themselves included: they are left out together.</summary>
    public HashSet<Entry> Closure(IEnumerable<Commit> lost)
    {
        var dropped = new HashSet<Entry>(lost);
        for (var before = -1; before != dropped.Count;)
        {
            before = dropped.Count;
            var unit = new List<Entry>();
            foreach (var entry in Entries)
            {
                unit.Add(entry);
                if (!entry.EndsUnit)
                    continue;
                if (unit.Any(e => dropped.Contains(e) || e.DependsOn.Exists(dropped.Contains)))
                    dropped.UnionWith(unit);
                unit.Clear();
            }
        }

        return dropped;
    }
}
