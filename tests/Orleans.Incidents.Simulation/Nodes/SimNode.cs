using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Embedded;
using Incidents.Engine.Turns;
using Incidents.Pages;
using Incidents.Simulation.Checks;
using Incidents.Simulation.Store;
using Incidents.Simulation.World;
using NodaTime;

namespace Incidents.Simulation.Nodes;

/// <summary>One node: an engine, its writer and its moves, step by step as the embedded host runs them on two threads.</summary>
internal sealed class SimNode : IEngineOutput
{
    private const int Endless = 20_000;

    private readonly NodesWorld _world;
    private readonly MemoryCheck _memory;
    private readonly Queue<Work> _inbox = new();
    private readonly List<Task> _moves = [];
    private readonly List<(PageContent Page, int Attempt)> _attempts = [];
    private Flush? _flush;
    private FlushOutcome? _outcome;
    private Func<Action<Instant>>? _job;
    private Action<Instant>? _done;
    private int _bells;
    private int _fuse = -1;

    public SimNode(NodesWorld world, int number)
    {
        (_world, Number) = (world, number);
        Skew = Duration.FromMilliseconds(world.Random.Next(-40, 40));
        Journal = new NodeJournal(world.Image, world.Rules, world.Options, world.Random, world.Faults, number, () => world.Ring(this));
        Engine = new TurnEngine(new SimReader(world.Image, world.Rules, world.Tally), this, world.Options, world.Rules.Engine, world.Image.Position, number);
        Moves = new ShardMoves(Engine, Journal, world.History, lost => LastLost = lost);
        _memory = new MemoryCheck(world.Image, () => Engine, s => Engine.Owns(s) && world.Image.Shards[s.Shard].Node == number);
    }

    public int Number { get; }

    public TurnEngine Engine { get; }

    public NodeJournal Journal { get; }

    public ShardMoves Moves { get; }

    /// <summary>What it found out last that others have taken.</summary>
    public IReadOnlyList<int> LastLost { get; private set; } = [];

    /// <summary>How far its clock is ahead.</summary>
    public Duration Skew { get; set; }

    /// <summary>Whether it gives everything up and ends then.</summary>
    public bool Ends { get; set; }

    public bool FlushUnderWay => _flush is not null;

    public bool MoveUnderWay => _job is not null || _done is not null;

    /// <summary>Whether it was told to take or to give up something and has not done so.</summary>
    public bool Moving => _moves.Exists(m => !m.IsCompleted);

    public bool Idle => _inbox.Count == 0 && !FlushUnderWay && !MoveUnderWay && !Moving && !Engine.HasWork && Engine.Queued == 0;

    public int AttemptsUnderWay => _attempts.Count;

    private Instant Now => _world.Now + Skew;

    /// <summary>Counts a call-back down to the one in which it dies.</summary>
    public void Burn()
    {
        if (_fuse >= 0 && _fuse-- == 0)
            throw new CrashException();
    }

    public void Light() => _fuse = _world.Random.Next(4);

    public void Douse() => _fuse = -1;

    public void Post(Work work) => _inbox.Enqueue(work);

    public void Take(IReadOnlyCollection<int> shards) => _ = Asked(Moves.Take(shards));

    public Task Release(IReadOnlyCollection<int> shards) => Asked(Moves.Release(shards));

    /// <summary>Looks which of its shards are another's, as the server does every second.</summary>
    public void Check()
    {
        var lost = Journal.Check();
        _world.Faults.Hit(NodeFault.ToldLost, lost);
        if (lost > 0)
            Moves.Lose();
    }

    /// <summary>Another node has sent something, and this one hears of it now or later.</summary>
    public void Bell(bool late)
    {
        if (late)
            _bells++;
        else
            Engine.Ring();
    }

    /// <summary>What was rung is heard.</summary>
    public void Hear()
    {
        if (_bells == 0)
            return;
        _bells = 0;
        Engine.Ring();
    }

    public void Turn(int budget)
    {
        while (_inbox.TryDequeue(out var work))
            Engine.Post(work);
        Engine.Advance(Now);
        _world.Faults.Hit(NodeFault.Suspect, Engine.Suspects.Count());
        var before = Engine.Turns;
        Engine.Step(Now, Math.Min(budget, Endless));
        Must.Hold(Engine.Turns - before < Endless, () => $"node {Number}: turns follow turns without an end");
        Remembers();
    }

    /// <summary>Moves the writer one step on.</summary>
    public void Progress()
    {
        if (_done is { } done)
        {
            _done = null;
            done(Now);
        }
        else if (_job is { } job)
        {
            _job = null;
            _done = job();
        }
        else if (_flush is null)
        {
            if (Moves.Next() is { } next)
                _job = next;
            else
                Seal();
        }
        else if (_outcome is null)
        {
            _outcome = Journal.Commit(_flush);
        }
        else if (_outcome.Status == FlushStatus.Unknown)
        {
            _outcome = Journal.Settle(_flush);
        }
        else
        {
            Complete(_outcome);
        }

        Remembers();
    }

    public void Attempt(PageContent page, int attempt, Engine.Tracing.Origin? origin)
    {
        Burn();
        _world.Books.Attempted(page, attempt);
        _attempts.Add((page, attempt));
    }

    public void Flushed(long position, IReadOnlyList<Commit> commits)
    {
        _world.Books.Flushed(commits);
        _world.Tally.Flushes++;
        Burn();
    }

    /// <summary>One attempt to deliver a page ends.</summary>
    public (PageContent Page, int Attempt)? EndAttempt()
    {
        if (_attempts.Count == 0)
            return null;
        var i = _world.Random.Next(_attempts.Count);
        var ended = _attempts[i];
        _attempts.RemoveAt(i);
        return ended;
    }

    /// <summary>The flush that its end cuts off, which may land all the same.</summary>
    public Flush? CutOff() => _flush is { } flush && (_outcome is null || Journal.InDoubt) ? flush : null;

    // While a take-over is on its way back from the disk the engine does not know what it owns.
    private void Remembers()
    {
        if (!MoveUnderWay)
            _memory.Run();
    }

    private Task Asked(Task move)
    {
        _moves.RemoveAll(m => m.IsCompleted);
        _moves.Add(move);
        return move;
    }

    private void Seal()
    {
        if (Engine.Seal(Now) is not { } flush)
            return;
        _world.Decisions.Sealed(flush);
        _flush = flush;
        _world.Faults.Hit(NodeFault.SavedRepeats, flush.Saves([]).Count());
        _world.Faults.Hit(NodeFault.ForwardedAlert, flush.Requests.Sum(r => r.Outcomes.Count(o => o.Forward is not null)));
    }

    private void Complete(FlushOutcome outcome)
    {
        _world.Image.Story?.Add($"node {Number}: flush of {string.Join(", ", _flush!.Entries.Select(e => $"{e.GetType().Name} {(e.Consumed ?? e.Work as MessageWork)?.Command.GetType().Name}"))} is {outcome.Status} at {outcome.Position} {outcome.Detail} {string.Join(' ', outcome.LostShards)}");
        (_flush, _outcome) = (null, null);
        Engine.Complete(outcome, Now);
        if (outcome.LostShards.Count > 0)
            Moves.Tell(outcome.LostShards);
    }
}
