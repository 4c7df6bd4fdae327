using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Simulation.Checks;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Nodes.Checks;

/// <summary>Several nodes come to rest, and then nothing may be left over.</summary>
internal static class NodeRest
{
    /// <summary>Lets everything that is under way end without further faults but those of content; every shard gets an owner, and time stands still.</summary>
    public static void Drain(NodesWorld world)
    {
        for (var left = 3000; ; left--)
        {
            Must.Hold(left > 0, () => $"the nodes do not come to rest: {Busy(world)}");
            var before = world.Image.Position;
            world.HandOver();
            TakeOrphans(world);
            foreach (var node in world.Nodes.ToList())
                world.Do(node, n => Run(n));
            for (var i = 0; i < 50 && !world.Calls.Idle; i++)
                world.Calls.Route();
            if (world.Image.Position == before && world.Idle && world.Orphans().Count == 0 && world.Nodes.All(n => !(n.Engine.NextDue <= Engine.Time.Nanoseconds(world.Now))))
                break;
        }

        foreach (var node in world.Nodes)
            node.Journal.Calm = false;
    }

    /// <summary>What must hold at rest.</summary>
    public static void Check(NodesWorld world)
    {
        var image = world.Image;
        var late = image.Messages.Due(Engine.Lane.Inside, Engine.Time.Nanoseconds(world.Now)).FirstOrDefault();
        Must.Hold(late is null, () => $"{late} is due and not served");
        world.Audit.Run();
        ForwardCheck.Run(image, world.Senders.All);
        world.Books.Remembered(world.Calls.Countable);
        RestCheck.Agree(image, world.Now, Aside(world));
    }

    public static HashSet<string> Aside(NodesWorld world) => RestCheck.Aside(
        world.Image,
        letter => world.Image.Trials.GetValueOrDefault(letter.Id.Value) + world.Image.Rejections.GetValueOrDefault(letter.Id.Value) >= Math.Min(world.Options.MaxDeaths, world.Options.MaxFailures));

    /// <summary>Nodes that run take the shards that nobody serves.</summary>
    public static void TakeOrphans(NodesWorld world)
    {
        foreach (var part in world.Orphans().GroupBy(_ => world.AnyNode()))
        {
            world.Faults.Hit(NodeFault.OrphanTaken, part.Count());
            part.Key.Take([.. part]);
        }
    }

    private static void Run(SimNode node)
    {
        (node.Skew, node.Journal.Calm) = (Duration.Zero, true);
        node.Douse();
        node.Check();
        node.Bell(late: false);
        node.Turn(int.MaxValue);
        for (var left = 1000; node.FlushUnderWay || node.MoveUnderWay || node.Moving || node.Engine.Queued > 0; left--)
        {
            Must.Hold(left > 0, () => $"flushes of node {node.Number} do not come to an end");
            node.Progress();
        }
    }

    private static string Busy(NodesWorld world) => string.Join("; ", world.Nodes.Select(n =>
        $"node {n.Number}: ready {string.Join(", ", n.Engine.Ready.Take(3).Select(w => w is MessageWork m ? $"{m.Command} to {m.To}" : w.GetType().Name))}, queued {n.Engine.Queued}, moving {n.Moving}, due {n.Engine.NextDue}"))
        + $"; calls {world.Calls.Idle}, orphans {world.Orphans().Count}";
}
