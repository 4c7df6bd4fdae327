using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Embedded;
using Incidents.Engine.Receipts;
using Incidents.Engine.Turns;
using Incidents.Grouping;
using Incidents.Pages;
using Incidents.Services;
using Incidents.Simulation.Checks;
using Incidents.Simulation.Outside;
using Incidents.Simulation.Store;
using NodaTime;

namespace Incidents.Simulation.World;

/// <summary>
/// The real engine between a simulated disk and a simulated outside, on one thread and a clock that only this moves. Everything
/// that happens follows from the seed.
/// </summary>
internal sealed class SimulatedWorld : IEngineOutput, IDisposable
{
    private readonly Rules _rules;
    private readonly GateOptions _bounds;
    private readonly int _share;
    private readonly MemoryCheck _memory;
    private readonly TurnCheck _turns;
    private readonly DecisionCheck _decisions;
    private readonly List<Action> _later = [];
    private readonly List<(SimJournal Journal, Flush Flush)> _displaced = [];
    private Flush? _flush;
    private FlushOutcome? _outcome;
    private int _fuse = -1;

    public SimulatedWorld(int seed, Rules rules)
    {
        Random = new Random(seed);
        Plan = new Plan(Random);
        Options = Drawn(Random);
        _bounds = new GateOptions { MaxBytes = Random.Next(200, 800), MaxBytesOfOne = Random.Next(100, 200) };
        _share = Random.Next(1, 20);
        Lethal = new Lethal(this);
        var decide = rules.Engine.Decide;
        _rules = rules with { Engine = rules.Engine with { Decide = (self, state, command, input) => Decide(decide, self, state, command, input) } };
        Books = new Books(Image, Tally, position => Views!.Ask(position));
        Audit = new AuditCheck(Image);
        Senders = new Senders(this, Plan);
        Person = new Person(this, Plan);
        Channels = new Channels(this);
        History = new SimHistory(Image, rules, () => Journal is { InDoubt: true });
        Views = new ViewCheck(this, History, rules.Engine, Random.Next(1, 12), Random.Next(0, 2) * Random.Next(1, 60));
        _memory = new MemoryCheck(Image, () => Engine!);
        _turns = new TurnCheck(this);
        _decisions = new DecisionCheck(Image, Options);
        (Journal, Edge, Engine) = Start(afterDeath: false);
    }

    public Random Random { get; }

    public Plan Plan { get; }

    public EngineOptions Options { get; }

    public Tally Tally { get; } = new();

    public Image Image { get; } = new();

    /// <summary>What followers and a start read of it.</summary>
    public SimHistory History { get; }

    public Books Books { get; }

    public AuditCheck Audit { get; }

    public ViewCheck Views { get; }

    public Senders Senders { get; }

    public Person Person { get; }

    public Channels Channels { get; }

    public Lethal Lethal { get; }

    public SimJournal Journal { get; private set; }

    public Edge Edge { get; private set; }

    public TurnEngine Engine { get; private set; }

    public Instant Now { get; set; } = Instant.FromUtc(2026, 3, 1, 0, 0);

    /// <summary>Whether a flush is sealed and not reported back.</summary>
    public bool FlushUnderWay => _flush is not null;

    /// <summary>Whether its outcome is known here and not yet to the engine.</summary>
    public bool OutcomeWaits => _outcome is not null;

    /// <summary>Counts a call-back down to the one in which the process dies.</summary>
    public void Burn()
    {
        if (_fuse >= 0 && _fuse-- == 0)
            throw new CrashException();
    }

    /// <summary>The process will die in one of the next call-backs.</summary>
    public void Light() => _fuse = Random.Next(4);

    /// <summary>The process will not die after all.</summary>
    public void Douse() => _fuse = -1;

    /// <summary>Does something at the next turn, out of whatever calls this.</summary>
    public void Later(Action action) => _later.Add(action);

    public void Attempt(PageContent page, int attempt, Engine.Tracing.Origin? origin)
    {
        Burn();
        Books.Attempted(page, attempt);
        Channels.Begin(page, attempt);
    }

    public void Flushed(long position, IReadOnlyList<Commit> commits)
    {
        Books.Flushed(commits);
        Views.Flushed(position, commits);
        Tally.Flushes++;
        Tally.Hit(Fault.Storm, commits.Sum(c => c.Happened.Count(h => h is StormStarted or GroupMoved)));
        Burn();
    }

    /// <summary>Runs turns.</summary>
    public void Turn(int budget)
    {
        var later = _later.ToList();
        _later.Clear();
        later.ForEach(action => action());
        do
        {
            Edge.HandOver(Engine);
            Engine.Advance(Now);
            _turns.Step(budget);
        }
        while (budget == int.MaxValue && Engine.NextDue <= Time.Nanoseconds(Now));

        // What a flush stored is known here when its outcome is.
        if (budget == int.MaxValue && !FlushUnderWay)
            _turns.NothingIsLate();
        _memory.Run();
    }

    /// <summary>Moves the flush that is under way one step on, or seals one.</summary>
    public void Progress()
    {
        if (_flush is null)
            Seal();
        else if (_outcome is null)
            Commit(_flush);
        else if (_outcome.Status == FlushStatus.Unknown)
            _outcome = _rules.SettleUnknown ? Journal.Settle(_flush) : FlushOutcome.Failed(FlushStatus.Lost, "nobody asked");
        else
            Complete(_outcome);
        Must.Hold(_flush is null || Engine.Seal(Now) is null, () => "a second flush is sealed while one is under way");
        _memory.Run();
    }

    /// <summary>The process dies and another takes its place.</summary>
    public void Crash()
    {
        Journal.Crash();
        Replace(afterDeath: true);
    }

    /// <summary>Another process takes over from one that does not know it yet and writes on.</summary>
    public void TakeOver()
    {
        if (_flush is { } flush && _outcome is null)
            _displaced.Add((Journal, flush));
        Replace(afterDeath: true);
    }

    /// <summary>A process that was taken over from writes what it had sealed.</summary>
    public void WriteAsDisplaced()
    {
        if (_displaced.Count == 0)
            return;
        var (journal, flush) = _displaced[0];
        _displaced.RemoveAt(0);
        journal.Calm = true;
        journal.Commit(flush);
    }

    /// <summary>Nobody writes any more who was taken over from.</summary>
    public void Forget() => _displaced.Clear();

    /// <summary>The process ends in order and another starts.</summary>
    public void Restart()
    {
        Drain();
        Tally.Hit(Fault.OrderlyRestart);
        Replace(afterDeath: false);
    }

    /// <summary>Lets everything that is under way end without further faults but those of content; time stands still.</summary>
    public void Drain()
    {
        for (var left = 20_000; ; left--)
        {
            Must.Hold(left > 0, () => "the engine does not come to rest");
            // What was flushed before and is only now reported may hold timers that are due.
            var before = (Image.Position, Engine.Position);
            Journal.Calm = true;
            Survive(() => Turn(int.MaxValue));
            while (FlushUnderWay || Engine.Queued > 0)
            {
                Must.Hold(left-- > 0, () => "flushes do not come to an end");
                Survive(Progress);
            }

            if (!Engine.HasWork && Edge.Idle && _later.Count == 0 && (Image.Position, Engine.Position) == before)
                break;
        }

        Journal.Calm = false;
    }

    public void Dispose() => Views.Dispose();

    private static EngineOptions Drawn(Random random) => new()
    {
        MaxActors = random.Next(4, 40), MaxFlush = random.Next(2, 40), MaxPagesUnderWay = random.Next(1, 5), MaxWaiting = random.Next(4, 40),
        SaveAfter = Duration.FromMilliseconds(random.Next(1, 10_000)), CoverShare = random.Next(4) == 0 ? 2 : 0, SnapshotEvery = random.Next(1, 6), MaxDeaths = random.Next(3, 6), MaxTrials = random.Next(2, 8), MaxPayload = 20_000,
    };

    private Decision Decide(Func<StreamId, object, ICommand, TurnInput, Decision> decide, StreamId self, object state, ICommand command, TurnInput input)
    {
        Lethal.Meet(state, command, input.Id);
        return decide(self, state, command, input);
    }

    private void Survive(Action action)
    {
        try
        {
            action();
        }
        catch (CrashException)
        {
            Crash();
            Journal.Calm = true;
        }
    }

    private void Replace(bool afterDeath)
    {
        _fuse = -1;
        Tally.Turns += Engine.Turns;
        Lethal.ProcessDies(Engine.OnTrial);
        (_flush, _outcome) = (null, null);
        _later.Clear();
        LowWaterCheck.Run(Image, History);
        (Journal, Edge, Engine) = Start(afterDeath);
        Tally.Hit(Fault.Suspect, Engine.Suspects.Count());
        _memory.Restarted();
        Channels.ProcessDied();
        Senders.ProcessDied();
        Person.ProcessDied();
    }

    private (SimJournal Journal, Edge Edge, TurnEngine Engine) Start(bool afterDeath)
    {
        var engine = new TurnEngine(new SimReader(Image, _rules, Tally), this, Options, _rules.Engine, new Beginning(Image.Position, Recovery.Uncovered(History), afterDeath));
        engine.Advance(Now);
        Views.Start();
        return (new SimJournal(Image, _rules, Options, Random, Tally), new Edge(this, _bounds, _rules.Engine, _share), engine);
    }

    private void Seal()
    {
        if (Engine.Seal(Now) is not { } flush)
            return;
        if (Engine.Queued > flush.Entries.Count)
            Tally.Hit(Fault.SmallFlush);
        _decisions.Sealed(flush);
        _flush = flush;
        Tally.Hit(Fault.SavedRepeats, flush.Saves([]).Count());
        if (flush.IsEmpty)
            Complete(FlushOutcome.Committed(Engine.Position));
    }

    private void Commit(Flush flush)
    {
        _outcome = Journal.Commit(flush);
        if (Journal.InDoubt)
            Views.Follow();
    }

    private void Complete(FlushOutcome outcome)
    {
        (_flush, _outcome) = (null, null);
        Engine.Complete(outcome, Now);
    }
}
