using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Receipts;
using Incidents.Grouping;
using Incidents.Simulation.Checks;
using Incidents.Simulation.World;

namespace Incidents.Simulation.Nodes.Checks;

/// <summary>The end of a run of several nodes: every alert ends, every timer comes, every attempt is reported, all nodes die, and then nothing may be left over.</summary>
internal static class NodeEnding
{
    public static void Run(NodesWorld world)
    {
        Rest(world);
        while (world.HasLate)
            world.LandLate();
        Rest(world);
        Resolve(world);
        for (var left = 3000; world.Image.Messages.Count > 0 || world.Nodes.Any(n => n.AttemptsUnderWay > 0); left--)
        {
            Must.Hold(left > 0, () => $"these never end: {string.Join(", ", world.Image.Messages.All.Take(3))}");
            foreach (var node in world.Nodes)
            {
                while (node.AttemptsUnderWay > 0)
                    world.Calls.Report(node, calm: true);
            }

            NodeRest.Drain(world);
            if (left % 16 == 0)
                NodeRest.Check(world);
            Skip(world);
        }

        NodeRest.Check(world);
        Saved(world);
        Ending.Ended(world.Image, NodeRest.Aside(world));
        Ending.Pages(world.Image, NodeRest.Aside(world), world.Tally);
        foreach (var node in world.Nodes.ToList())
            world.Die(node);
        Rest(world);
        Must.Hold(world.Senders.All.All(s => s.Awaited == 0), () => $"{world.Senders.All.First(s => s.Awaited > 0).Mark} is never answered");
    }

    /// <summary>Everything comes to rest and is looked at.</summary>
    public static void Rest(NodesWorld world)
    {
        NodeRest.Drain(world);
        NodeRest.Check(world);
    }

    private static void Skip(NodesWorld world)
    {
        var ahead = world.Image.Messages.All.Select(m => Time.Instant(m.Due)).Where(d => d > world.Now).ToList();
        if (ahead.Count > 0)
            world.Now = ahead.Min() + NodaTime.Duration.FromMilliseconds(1);
    }

    private static void Resolve(NodesWorld world)
    {
        foreach (var stream in world.Image.Of(ActorKind.Group))
        {
            foreach (var member in ((GroupState)world.Image.StateOf(stream.Id)).Members.Where(m => m.Firing))
                world.Senders.Resolve(stream.Id, member.Key);
        }

        NodeRest.Drain(world);
    }

    // Repeats are in an event or in their row within a minute of the first of them, wherever their group went meanwhile.
    private static void Saved(NodesWorld world)
    {
        world.Now += NodaTime.Duration.FromMinutes(3);
        NodeRest.Drain(world);
        var left = Recovery.Uncovered(world.History, 1).Where(u => u.Version == world.Image.VersionOf(u.Group)).ToList();
        Must.Hold(left.Count == 0, () => $"{left[0].Group}: {left[0].Repeats.Count} repeats are neither covered nor saved");
    }
}
