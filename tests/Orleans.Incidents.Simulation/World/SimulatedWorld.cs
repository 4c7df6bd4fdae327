using Incidents.Engine;
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
internal sealed class SimulatedWorld : IEngineOutput
{
    private readonly Rules _rules;
    private readonly EngineOptions _options;
    private readonly MemoryCheck _memory;
    private Flush? _flush;
    private FlushOutcome? _outcome;
    private int _fuse = -1;

    public SimulatedWorld(int seed, Rules rules)
    {
        _rules = rules;
        Random = new Random(seed);
        Plan = new Plan(Random);
        _options = new EngineOptions
        {
            MaxActors = Random.Next(4, 40), MaxFlush = Random.Next(2, 40), MaxPagesUnderWay = Random.Next(1, 5), MaxWaiting = Random.Next(4, 40), CoverCount = Random.Next(2, 6),
        };
        Journal = new SimJournal(Image, rules, Random, Tally);
        Books = new Books(this);
        Audit = new AuditCheck(Image);
        Senders = new Senders(this, Plan);
        Person = new Person(this, Plan);
        Channels = new Channels(this);
        _memory = new MemoryCheck(this);
        Engine = Start();
    }

    public Random Random { get; }

    public Plan Plan { get; }

    public Tally Tally { get; } = new();

    public Image Image { get; } = new();

    public SimJournal Journal { get; }

    public Books Books { get; }

    public AuditCheck Audit { get; }

    public Senders Senders { get; }

    public Person Person { get; }

    public Channels Channels { get; }

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

    public void Attempt(PageContent page, int attempt, Engine.Tracing.Origin? origin)
    {
        Burn();
        Books.Attempted(page, attempt);
        Channels.Begin(page, attempt);
    }

    public void Flushed(long position, IReadOnlyList<Commit> commits)
    {
        Books.Flushed(commits);
        Tally.Flushes++;
        Tally.Hit(Fault.Storm, commits.Sum(c => c.Happened.Count(h => h is StormStarted or GroupMoved)));
        Burn();
    }

    /// <summary>Runs turns.</summary>
    public void Turn(int budget)
    {
        Engine.Advance(Now);
        Engine.Step(Now, budget);
        _memory.Run();
    }

    /// <summary>Moves the flush that is under way one step on, or seals one.</summary>
    public void Progress()
    {
        if (_flush is null)
            Seal();
        else if (_outcome is null)
            _outcome = Journal.Commit(_flush);
        else if (_outcome.Status == FlushStatus.Unknown)
            _outcome = Journal.Settle(_flush);
        else
            Complete(_outcome);
        _memory.Run();
    }

    /// <summary>The process dies and another takes its place.</summary>
    public void Crash()
    {
        _fuse = -1;
        Tally.Turns += Engine.Turns;
        (_flush, _outcome) = (null, null);
        Journal.Calm = false;
        Journal.Crash();
        LowWaterCheck.Run(Image);
        Engine = Start();
        _memory.Restarted();
        Channels.ProcessDied();
        Senders.ProcessDied();
    }

    /// <summary>Lets everything that is under way end without further faults; time stands still.</summary>
    public void Drain()
    {
        Journal.Calm = true;
        for (var left = 20_000; ; left--)
        {
            Must.Hold(left > 0, () => "the engine does not come to rest");
            var before = Image.Position;
            Turn(int.MaxValue);
            while (FlushUnderWay || Engine.Queued > 0)
            {
                Must.Hold(left-- > 0, () => "flushes do not come to an end");
                Progress();
            }

            if (!Engine.HasWork && Engine.Queued == 0 && Image.Position == before)
                break;
        }

        Journal.Calm = false;
    }

    private TurnEngine Start()
    {
        var engine = new TurnEngine(new SimReader(Image), this, _options, _rules.Engine, Image.Position, Recovery.Uncovered(Image));
        engine.Advance(Now);
        return engine;
    }

    private void Seal()
    {
        if (Engine.Seal(Now) is not { } flush)
            return;
        if (Engine.Queued > flush.Entries.Count)
            Tally.Hit(Fault.SmallFlush);
        Books.Sealed(flush);
        _flush = flush;
        if (flush.IsEmpty)
            Complete(FlushOutcome.Committed(Engine.Position));
    }

    private void Complete(FlushOutcome outcome)
    {
        (_flush, _outcome) = (null, null);
        Engine.Complete(outcome, Now);
    }
}
