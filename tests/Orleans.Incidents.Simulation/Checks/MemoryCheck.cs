using Incidents.Decisions;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Engine;
using Incidents.Grouping;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>
/// Contract lines 1 and 13, after every step: what the engine has in memory is the fold of flushed and queued events, and what it
/// knows of durable repeats is what a restart would read of them.
/// </summary>
internal sealed class MemoryCheck(Image image, Func<TurnEngine> engine, Func<StreamId, bool>? owns = null)
{
    // Where there are several nodes all receipts are looked at for each.
    private const int OneIn = 4;

    private readonly Dictionary<StreamId, (object State, long Version)> _seen = [];
    private long _position = -1;
    private int _runs;

    // The memory that counts: that of an owner which does not know yet that it is none counts for nothing.
    private IEnumerable<Actor> Memory => owns is null ? engine().Memory : engine().Memory.Where(a => owns(a.Id));

    private bool Knows => owns is null ? engine().Position == image.Position : !engine().Flushing;

    public void Restarted() => _seen.Clear();

    public void Run()
    {
        Dictionary<StreamId, List<Commit>>? queued = null;
        foreach (var actor in Memory)
        {
            if (actor.State is not { } state || (_seen.TryGetValue(actor.Id, out var last) && ReferenceEquals(last.State, state) && last.Version == actor.Version))
                continue;
            queued ??= Queued();
            Check(actor, state, queued.GetValueOrDefault(actor.Id) ?? []);
            _seen[actor.Id] = (state, actor.Version);
        }

        if (Knows && (owns is null || _runs++ % OneIn == 0) && _position != image.Position)
            CheckRepeats();
        _position = image.Position;
    }

    private Dictionary<StreamId, List<Commit>> Queued() =>
        engine().Unflushed.OfType<Commit>().GroupBy(c => c.Slot.Stream).ToDictionary(g => g.Key, g => g.ToList());

    private void Check(Actor actor, object state, List<Commit> queued)
    {
        var version = actor.Flushed;
        var expected = image.StateOf(actor.Id, version);
        foreach (var commit in queued)
        {
            Must.Hold(commit.Events.Count == 0 || commit.Expected == version, () => $"{actor.Id}: a commit expects version {commit.Expected} behind {version}");
            foreach (var happened in commit.Happened)
            {
                expected = ActorKinds.Evolve(actor.Id.Kind, expected, happened);
                version++;
            }
        }

        Must.Hold(version == actor.Version, () => $"{actor.Id}: memory is at version {actor.Version}, flushed and queued events lead to {version}");
        Must.Hold(Picture.Of(state) == Picture.Of(expected), () => $"{actor.Id}: memory is {Picture.Of(state)}, flushed and queued events fold to {Picture.Of(expected)}");
    }

    private void CheckRepeats()
    {
        var held = Held.ByBlocks(image).Where(h => owns is null || owns(h.Key)).ToDictionary();
        foreach (var actor in Memory)
        {
            if (actor.Durable is not { } durable || durable.Version != image.VersionOf(actor.Id))
                continue;
            Must.Hold(held.Remove(actor.Id, out var read), () => $"{actor.Id}: repeats are known here that no receipt block holds");
            var known = Held.Show(image, actor.Id, durable.Repeats);
            Must.Hold(known == read, () => $"{actor.Id}: repeats in memory are {known}, receipt blocks hold {read}");
            Must.Hold(durable.Position > 0 || Held.ByRow(image, actor.Id) == read, () => $"{actor.Id}: repeats in memory count as saved, the row holds {Held.ByRow(image, actor.Id)}, blocks {read}");
        }

        foreach (var (group, read) in held)
            Must.Hold(Held.ByRow(image, group) == read, () => $"{group}: receipt blocks hold repeats that neither the engine nor a row knows of: {read}");
    }
}

/// <summary>Contract line 13: a restart that begins at the low-water mark finds what one from the beginning finds.</summary>
internal static class LowWaterCheck
{
    public static void Run(Image image, IJournalHistory history)
    {
        var (all, found) = (Held.ByBlocks(image), image.Saved.Keys.Where(g => Held.ByRow(image, g) is not null).ToDictionary(g => g, g => Held.ByRow(image, g)!));
        foreach (var u in Recovery.Uncovered(history).Where(u => u.Version == image.VersionOf(u.Group)))
            found[u.Group] = Held.Show(image, u.Group, u.Repeats);
        Must.Hold(Text(all) == Text(found), () => $"recovery from rows and the low-water mark finds {Text(found)}, from the beginning {Text(all)}");
    }

    private static string Text(Dictionary<StreamId, string> held) => string.Join(' ', held.OrderBy(h => h.Key.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {h.Value}"));
}

/// <summary>Repeats of groups that no event covers, as the disk holds them.</summary>
internal static class Held
{
    /// <summary>By all receipt blocks from the first on.</summary>
    public static Dictionary<StreamId, string> ByBlocks(Image image) =>
        Recovery.Uncovered(new SimHistory(image, new Rules(), () => false), 1, _ => null, _ => true)
            .Where(u => u.Version == image.VersionOf(u.Group)).ToDictionary(u => u.Group, u => Show(image, u.Group, u.Repeats));

    /// <summary>By a group's row alone; <see langword="null"/>: it has none that counts.</summary>
    public static string? ByRow(Image image, StreamId group) =>
        image.Saved.TryGetValue(group, out var row) && row.Version == image.VersionOf(group) ? Show(image, group, RepeatsRow.Read(row.Version, row.Bytes).Repeats) : null;

    public static string Show(Image image, StreamId group, Repeats repeats) => Picture.Of(repeats.Watched((GroupState)image.StateOf(group)));
}
