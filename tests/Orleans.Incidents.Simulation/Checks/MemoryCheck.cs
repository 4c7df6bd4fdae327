using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Checks;

/// <summary>
/// Contract lines 1 and 13, after every step: what the engine has in memory is the fold of flushed and queued events, and what it
/// knows of durable repeats is what a restart would read of them.
/// </summary>
internal sealed class MemoryCheck(SimulatedWorld world)
{
    private readonly Dictionary<StreamId, (object State, long Version)> _seen = [];
    private long _position = -1;

    public void Restarted() => _seen.Clear();

    public void Run()
    {
        Dictionary<StreamId, List<Commit>>? queued = null;
        foreach (var actor in world.Engine.Memory)
        {
            if (actor.State is not { } state || (_seen.TryGetValue(actor.Id, out var last) && ReferenceEquals(last.State, state) && last.Version == actor.Version))
                continue;
            queued ??= Queued();
            Check(actor, state, queued.GetValueOrDefault(actor.Id) ?? []);
            _seen[actor.Id] = (state, actor.Version);
        }

        if (world.Engine.Position == world.Image.Position && _position != world.Image.Position)
            CheckRepeats();
        _position = world.Image.Position;
    }

    private Dictionary<StreamId, List<Commit>> Queued() =>
        world.Engine.Unflushed.OfType<Commit>().GroupBy(c => c.Slot.Stream).ToDictionary(g => g.Key, g => g.ToList());

    private void Check(Actor actor, object state, List<Commit> queued)
    {
        var version = actor.Flushed;
        var expected = world.Image.StateOf(actor.Id, version);
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
        var recovered = Recovery.Uncovered(world.Image, 1).Where(u => u.Version == world.Image.VersionOf(u.Group)).ToDictionary(u => u.Group);
        foreach (var actor in world.Engine.Memory)
        {
            if (actor.Durable is not { } durable || durable.Version != world.Image.VersionOf(actor.Id))
                continue;
            Must.Hold(recovered.Remove(actor.Id, out var read), () => $"{actor.Id}: repeats are known here that no receipt block holds");
            var state = (GroupState)world.Image.StateOf(actor.Id);
            Must.Hold(durable.Position == read!.Position && Picture.Of(durable.Repeats.Watched(state)) == Picture.Of(read.Repeats.Watched(state)),
                () => $"{actor.Id}: repeats in memory are {Picture.Of(durable)}, receipt blocks hold {Picture.Of(read)}");
        }

        Must.Hold(recovered.Count == 0, () => $"{recovered.First().Key}: receipt blocks hold repeats that the engine does not know of");
    }
}

/// <summary>Contract line 13: a restart that begins at the low-water mark finds what one from the beginning finds.</summary>
internal static class LowWaterCheck
{
    public static void Run(Image image)
    {
        var (all, some) = (Current(image, Recovery.Uncovered(image, 1)), Current(image, Recovery.Uncovered(image)));
        Must.Hold(all == some, () => $"recovery from the low-water mark finds {some}, from the beginning {all}");
    }

    private static string Current(Image image, IEnumerable<UncoveredRepeats> found) =>
        Picture.Of(found.Where(u => u.Version == image.VersionOf(u.Group)).OrderBy(u => u.Group.Key, StringComparer.Ordinal).ToList());
}
