using Incidents.Decisions;
using Incidents.Engine.Turns;
using Incidents.Simulation.Checks;
using Incidents.Simulation.Nodes.Outside;
using Incidents.Simulation.Outside;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Nodes;

/// <summary>Several engine nodes on one simulated disk, on one thread and a clock that only this moves. Everything that happens follows from the seed.</summary>
internal sealed class NodesWorld
{
    private readonly List<SimNode> _nodes = [];
    private readonly List<(NodeJournal Journal, Flush Flush)> _late = [];
    private readonly List<(SimNode From, Task Released, SimNode To, IReadOnlyList<int> Shards)> _handovers = [];
    private readonly Dictionary<CommandId, int> _deaths = [];
    private readonly int _count;
    private int _started;

    public NodesWorld(int seed, Rules rules)
    {
        Random = new Random(seed);
        Plan = new Plan(Random);
        _count = Random.Next(2, 5);
        Options = Drawn(Random);
        var decide = rules.Engine.Decide;
        Rules = rules with { Engine = rules.Engine with { Decide = (self, state, command, input) => Decide(decide, self, state, command, input) } };
        History = new SimHistory(Image, Rules, () => false);
        Books = new Books(Image, Tally, _ => { });
        Audit = new AuditCheck(Image);
        Decisions = new DecisionCheck(Image, Options);
        Senders = new NodeSenders(this, Plan);
        Calls = new NodeCalls(this);
        for (var i = 0; i < _count; i++)
            Start();
        foreach (var part in Enumerable.Range(0, StreamId.Shards).GroupBy(_ => Random.Next(_count)))
            _nodes[part.Key].Take([.. part]);
    }

    public Random Random { get; }

    public Rules Rules { get; }

    public Plan Plan { get; }

    public EngineOptions Options { get; }

    public Tally Tally { get; } = new();

    public NodeTally Faults { get; } = new();

    public Image Image { get; } = new();

    public SimHistory History { get; }

    public Books Books { get; }

    public AuditCheck Audit { get; }

    public DecisionCheck Decisions { get; }

    public NodeSenders Senders { get; }

    public NodeCalls Calls { get; }

    public Instant Now { get; set; } = Instant.FromUtc(2026, 3, 1, 0, 0);

    public IReadOnlyList<SimNode> Nodes => _nodes;

    public bool IsShort => _nodes.Count < _count;

    /// <summary>Whether something may land that a dead node was writing.</summary>
    public bool HasLate => _late.Count > 0;

    /// <summary>Whether nothing is on its way from one node to another.</summary>
    public bool Idle => Calls.Idle && _handovers.Count == 0 && _nodes.TrueForAll(n => n.Idle);

    public SimNode AnyNode() => _nodes[Random.Next(_nodes.Count)];

    /// <summary>Who says that it owns a shard: any of them where several do.</summary>
    public SimNode? OwnerOf(int shard) => _nodes.Where(n => n.Moves.Owns(shard)).ToList() is { Count: > 0 } owners ? owners[Random.Next(owners.Count)] : null;

    /// <summary>Whether two nodes hold a shard for theirs, or one has it again that lost it a moment ago.</summary>
    public bool IsContested(int shard) => _nodes.Where(n => n.Moves.Owns(shard)).ToList() is { Count: > 0 } owners && (owners.Count > 1 || owners[0].LastLost.Contains(shard));

    public void Start() => _nodes.Add(new SimNode(this, ++_started));

    /// <summary>Does something that a node may die of.</summary>
    public void Do(SimNode node, Action<SimNode> action)
    {
        try
        {
            action(node);
        }
        catch (CrashException)
        {
            Faults.Hit(NodeFault.CrashAmidRelease);
            Die(node);
        }
    }

    /// <summary>A node dies: what it has in memory is gone, and what it was writing may land now, later or never.</summary>
    public void Die(SimNode node)
    {
        if (node.CutOff() is { } flush)
        {
            switch (Random.Next(8))
            {
                case 0: node.Journal.Land(flush); break;
                case < 7: _late.Add((node.Journal, flush)); break;
                default: break;
            }
        }

        Remove(node);
    }

    /// <summary>What a dead node was writing lands.</summary>
    public void LandLate()
    {
        if (!HasLate)
            return;
        var (journal, flush) = _late[0];
        _late.RemoveAt(0);
        journal.Land(flush);
    }

    /// <summary>A flush holds messages for other nodes' shards.</summary>
    public void Ring(SimNode from)
    {
        foreach (var node in _nodes.Where(n => n != from))
        {
            switch (Random.Next(4))
            {
                case 0: Faults.Hit(NodeFault.MissedRing); break;
                case 1:
                    Faults.Hit(NodeFault.LateRing);
                    node.Bell(late: true);
                    break;
                default: node.Bell(late: false); break;
            }
        }
    }

    /// <summary>One node gives shards up, and another takes them when that is done.</summary>
    public void Move(SimNode from, SimNode to, IReadOnlyList<int> shards)
    {
        Faults.Hit(NodeFault.MovedShard, shards.Count);
        _handovers.Add((from, from.Release(shards), to, shards));
    }

    /// <summary>What was given up is taken by whom it was given up for.</summary>
    public void HandOver()
    {
        foreach (var (_, _, to, shards) in _handovers.Where(h => h.Released.IsCompleted).ToList())
        {
            if (_nodes.Contains(to))
                to.Take(shards);
        }

        _handovers.RemoveAll(h => h.Released.IsCompleted);
        foreach (var node in _nodes.Where(n => n.Ends && n.Idle && _nodes.Count > 1).ToList())
        {
            Faults.Hit(NodeFault.OrderlyStop);
            Remove(node);
        }
    }

    /// <summary>The shards that nobody serves and nobody is about to take.</summary>
    public IReadOnlyList<int> Orphans()
    {
        if (_handovers.Count > 0 || _nodes.Exists(n => n.Moving))
            return [];
        var owners = _nodes.ToDictionary(n => n.Number);
        return [.. Enumerable.Range(0, StreamId.Shards).Where(s => !owners.TryGetValue(Image.Shards[s].Node, out var owner) || !owner.Moves.Owns(s))];
    }

    private static EngineOptions Drawn(Random random) => new()
    {
        MaxActors = random.Next(4, 40), MaxFlush = random.Next(2, 40), MaxPagesUnderWay = random.Next(1, 5), MaxWaiting = random.Next(4, 40),
        SaveAfter = Duration.FromMilliseconds(random.Next(1, 20_000)), CoverShare = random.Next(4) == 0 ? 2 : 0, SnapshotEvery = random.Next(1, 6), MaxDeaths = random.Next(3, 6), MaxTrials = random.Next(2, 8), MaxPayload = 20_000,
    };

    private Decision Decide(Func<StreamId, object, ICommand, TurnInput, Decision> decide, StreamId self, object state, ICommand command, TurnInput input)
    {
        if (!Lethal.Is(command, state))
            return decide(self, state, command, input);
        Faults.Hit(NodeFault.Lethal);
        _deaths[input.Id] = _deaths.GetValueOrDefault(input.Id) + 1;
        Must.Hold(_deaths[input.Id] <= Options.MaxDeaths + 6, () => $"{input.Id} kills one node after the other");
        throw new CrashException();
    }

    private void Remove(SimNode node)
    {
        Image.Story?.Add($"node {node.Number} is gone");
        Tally.Turns += node.Engine.Turns;
        Faults.Hit(NodeFault.LostReport, node.AttemptsUnderWay);
        _nodes.Remove(node);
        if (_nodes.Count == 0)
            Start();
        _handovers.RemoveAll(h => h.From == node && !h.Released.IsCompleted);
        Senders.NodeDied(node);
        Calls.NodeDied(node);
    }
}
