using Incidents.Engine;
using Incidents.Simulation.Nodes.Checks;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Nodes;

/// <summary>Draws what happens next to several nodes from the seed, and ends a run by letting everything come to rest.</summary>
internal sealed class NodeScheduler(NodesWorld world)
{
    /// <summary>The least number of turns of a seed.</summary>
    public const int MinTurns = 200;

    private readonly Random _random = world.Random;

    /// <summary>Runs one seed and says what was hit.</summary>
    /// <exception cref="SimulationFailureException">The contract does not hold; the message names seed and moment.</exception>
    public static (NodeTally Faults, Tally Tally) Run(int seed, Rules rules, Action<string>? story = null)
    {
        var world = new NodesWorld(seed, rules);
        var actions = 0;
        world.Image.Story = story is null ? null : [];
        try
        {
            new NodeScheduler(world).RunAll(ref actions);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            world.Image.Story?.ForEach(story!);
            throw new SimulationFailureException($"seed {seed}, action {actions}: {(failure is SimulationFailureException ? failure.Message : failure.ToString())}");
        }

        return (world.Faults, world.Tally);
    }

    private long Turns => world.Tally.Turns + world.Nodes.Sum(n => n.Engine.Turns);

    private void RunAll(ref int actions)
    {
        world.Calls.Configure();
        NodeRest.Drain(world);
        var least = _random.Next(300, 600);
        while (actions < least || Turns < MinTurns)
        {
            actions++;
            Act();
        }

        NodeEnding.Run(world);
        world.Tally.Turns = Turns;
        world.Faults.Hit(NodeFault.Letter, world.Image.DeadLetters.Count);
        world.Tally.Alerts = world.Senders.All.Sum(s => s.Items.Count);
    }

    private void Act()
    {
        var node = world.AnyNode();
        switch (_random.Next(200))
        {
            case < 27: world.Senders.SendNew(); break;
            case < 31: world.Senders.SendTwin(); break;
            case < 37: world.Calls.Act(); break;
            case < 39: world.Calls.ActAgain(); break;
            case < 44: world.Calls.Look(); break;
            case < 56: world.Calls.Route(); break;
            case < 96: world.Do(node, n => n.Turn(_random.Next(3) == 0 ? _random.Next(1, 6) : int.MaxValue)); break;
            case < 155: Progress(node); break;
            case < 165: world.Calls.Report(node, calm: false); break;
            case < 167: node.Hear(); break;
            case < 168: node.Bell(late: false); break;
            case < 178: world.Now += Duration.FromTicks(_random.Next(1, 30_000_000)); break;
            case < 180: Jump(); break;
            case < 197: Owners(node); break;
            default: NodeEnding.Rest(world); break;
        }
    }

    private void Owners(SimNode node)
    {
        switch (_random.Next(34))
        {
            case < 5: Move(node); break;
            case < 9: Steal(node); break;
            case < 12: node.Check(); break;
            case < 19: world.HandOver(); break;
            case < 22: NodeRest.TakeOrphans(world); break;
            case < 26: Crash(Victim(node)); break;
            case < 28: node.Light(); break;
            case < 29: Stop(node); break;
            case < 33: Start(); break;
            default: world.LandLate(); break;
        }
    }

    private void Progress(SimNode node)
    {
        for (var left = _random.Next(1, 4); left > 0 && world.Nodes.Contains(node); left--)
            world.Do(node, n => n.Progress());
    }

    // Shards that something lives on, and some on which nothing does.
    private List<int> Some() => [.. world.Image.Numbered.Select(s => s.Id.Shard).Append(_random.Next(256)).Distinct().Where(_ => _random.Next(3) == 0)];

    private void Move(SimNode from) => world.Move(from, world.AnyNode(), [.. Some().Where(from.Moves.Owns)]);

    // Whoever owns them is not told; it may be the node itself that was not told of another before, or that lost them a moment ago.
    private void Steal(SimNode to)
    {
        var shards = to.LastLost.Count > 0 && _random.Next(2) == 0 ? to.LastLost : Some();
        world.Faults.Hit(NodeFault.TakenAgain, shards.Count(to.Moves.Owns));
        to.Take(shards);
    }

    // Who dies is more often in the midst of something than chance would have it.
    private SimNode Victim(SimNode node) => _random.Next(4) switch
    {
        0 => world.Nodes.FirstOrDefault(n => n.MoveUnderWay) ?? node,
        < 3 => world.Nodes.FirstOrDefault(n => n.CutOff() is { IsEmpty: false }) ?? node,
        _ => node,
    };

    private void Crash(SimNode node)
    {
        world.Faults.Hit(node.MoveUnderWay ? NodeFault.CrashInMove : node.FlushUnderWay ? NodeFault.CrashWithFlush : node.Engine.Queued > 0 ? NodeFault.CrashWithQueue : NodeFault.CrashIdle);
        world.Die(node);
    }

    private void Stop(SimNode node)
    {
        if (world.Nodes.Count == 1)
            return;
        node.Ends = true;
        var shards = Enumerable.Range(0, 256).Where(node.Moves.Owns).ToList();
        world.Move(node, world.Nodes.First(n => n != node), shards);
    }

    private void Start()
    {
        if (world.IsShort)
            world.Start();
    }

    private void Jump()
    {
        var (from, by) = (Time.Nanoseconds(world.Now), Duration.FromTicks(_random.NextInt64(600_000_000, 18_000_000_000)));
        world.Faults.Hit(NodeFault.LateTimer, world.Image.Messages.All.Count(m => m.Due > from && m.Due < Time.Nanoseconds(world.Now + by)));
        world.Now += by;
    }
}
