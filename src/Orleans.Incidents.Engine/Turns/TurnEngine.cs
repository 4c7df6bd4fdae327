using Incidents.Decisions;
using Incidents.Engine.Codec;
using Incidents.Engine.Timers;
using NodaTime;

namespace Incidents.Engine.Turns;

/// <summary>
/// The turn, as a synchronous step machine with no thread, timer, clock or random of its own: commands are posted, turns run,
/// a prefix of what they decided is sealed into a flush, and its outcome is reported back. Group commit: turns decide ahead of
/// the disk, and nothing observable leaves before what it rests on is flushed. One thread at a time.
/// </summary>
public sealed partial class TurnEngine
{
    private const int MaxPrefetched = 256;

    // However many timers are due at once, people and deliveries wait behind so many of them and not behind all.
    private const int MaxPressing = 256;

    private readonly IJournalReader _reader;
    private readonly IEngineOutput _output;
    private readonly EngineOptions _options;
    private readonly EngineRules _rules;

    private readonly Dictionary<StreamId, Actor> _actors = [];
    private readonly ReadyQueue _ready;
    private readonly List<Entry> _queue = [];
    private readonly ReadDue _due;
    private readonly DueQueue _timers;
    private readonly DueQueue _pages;
    private readonly Dictionary<CommandId, RequestRecord> _requests = [];
    private readonly HashSet<string> _pagesUnderWay = [];
    private readonly List<Work> _posted = [];
    private readonly HashSet<CommandId> _calls = [];
    private readonly List<(Actor Actor, ActorMemory Memory)> _before = [];
    private Flush? _inFlight;
    private long _position;
    private long _turns;
    private long _made;
    private int _limit;
    private bool _isBehind;
    private Instant _sweptAt;
    private long _turnsAtSweep;

    /// <summary>An engine that goes on from what the journal holds.</summary>
    public TurnEngine(IJournalReader reader, IEngineOutput output, EngineOptions options, Beginning beginning, Speech speech)
        : this(reader, output, options, EngineRules.All, beginning, speech: speech)
    {
    }

    internal TurnEngine(IJournalReader reader, IEngineOutput output, EngineOptions options, EngineRules rules, Beginning beginning, IShardReader? shards = null, Speech? speech = null)
    {
        _speech = speech ?? new Speech(Vocabulary.Current);
        _reader = reader;
        _shards = shards is null ? null : new ShardMap(shards, rules);
        _output = output;
        _options = options;
        _rules = rules;
        _ready = new ReadyQueue(rules.Prioritise);
        _suspicious = beginning.AfterDeath;
        _limit = options.MaxFlush;

        MoveTo(beginning.Position);
        _due = Due;
        _timers = new DueQueue(Lane.Inside, options.MaxWaiting, rules);
        _pages = new DueQueue(Lane.Outward, options.MaxWaiting, rules);
        foreach (var u in beginning.Uncovered.OrderBy(u => u.Position))
            Remember(u);
    }

    /// <summary>The position of the last flush that is known to be durable.</summary>
    public long Position => _position;

    /// <summary>How many actors are in memory.</summary>
    public int Actors => _actors.Count;

    /// <summary>How many entries wait to be flushed, those under way included.</summary>
    public int Queued => _queue.Count + (_inFlight?.Entries.Count ?? 0);

    /// <summary>Whether a flush is under way.</summary>
    public bool Flushing => _inFlight is not null;

    /// <summary>Whether a turn could run now, or could as soon as what is queued is flushed.</summary>
    public bool HasWork => CanStep || _suspects.Count + _posted.Count > 0;

    /// <summary>Whether a turn could run now.</summary>
    public bool CanStep => !_ready.IsEmpty;

    /// <summary>Whether a turn could go on with something that was taken up before.</summary>
    public bool InChain => _ready.HasChains;

    /// <summary>When the next stored message known is due, in nanoseconds since 1970.</summary>
    public long? NextDue => _timers.Next is { } a ? (_pages.Next is { } b && PagesHaveRoom ? Math.Min(a, b) : a) : PagesHaveRoom ? _pages.Next : null;

    private bool PagesHaveRoom => _pagesUnderWay.Count < _options.MaxPagesUnderWay;

    /// <summary>Takes up a command. It runs behind what was posted before and is no less urgent.</summary>
    public void Post(Work work)
    {
        if (_shards is null || !_rules.ReadMailFirst)
        {
            _ready.Add(work);
            return;
        }

        // Another node may have said yes to something for the same actors, and this come behind that yes.
        _posted.Add(work);
        Ring();
    }

    /// <summary>Takes up stored messages whose time has come.</summary>
    public void Advance(Instant now)
    {
        var time = Time.Nanoseconds(now);
        _startedAt ??= time;
        var ahead = _options.Horizon.ToInt64Nanoseconds();
        if (_shards is not null)
            ReadMail();
        _timers.Refill(_due, time, ahead);
        _pages.Refill(_due, time, ahead);
        while (_ready.Pressing < MaxPressing && _timers.Take(time) is { } timer)
            TakeUp(timer);
        _isBehind = _timers.Next <= time;
        while (_ready.Pressing < MaxPressing && PagesHaveRoom && _pages.Take(time) is { } page)
        {
            _pagesUnderWay.Add(page.To.Key);
            TakeUp(page);
        }

        TryHeld();
        _posted.ForEach(_ready.Add);
        _posted.Clear();
        SaveOld(now);
        Evict(now);
    }

    /// <summary>Runs turns until none is ready or the budget is used.</summary>
    public void Step(Instant now, int turns = int.MaxValue)
    {
        BeginTrials(now);
        Prefetch(turns, chains: false);
        for (var left = turns; left > 0; left--)
        {
            // Where more timers are due than are taken up, one request of every slice gets its turn: its sender does not wait until all of them are served.
            if ((_isBehind && left == 1 && turns > 1 ? _ready.TakeNew() : null) is { } waiting)
                Run(waiting, now);
            else if (_ready.Take(chains: false) is { } next)
                Run(next, now);
            else
                return;
        }
    }

    /// <summary>Goes on with what was taken up until it is decided to its end.</summary>
    public void Follow(Instant now)
    {
        while (_ready.HasChains)
        {
            Prefetch(MaxPrefetched, chains: true);
            for (var turns = MaxPrefetched; turns > 0 && _ready.Take(chains: true) is { } next; turns--)
                Run(next, now);
        }
    }

    private void Run(Work work, Instant now)
    {
        _turns++;
        _before.Clear();
        var first = _queue.Count;
        if (IsElsewhere(work))
            return;
        try
        {
            if (_held.Count > 0)
                RequireOrder(work);
            switch (work)
            {
                case MessageWork message: Deliver(message, now); break;
                case CallWork call: Call(call, now); break;
                case RequestWork request: Accept(request, now); break;
                case ReadWork read: Read(read); break;
                default: throw new InvalidOperationException($"no turn for {work.GetType().Name}");
            }
        }
        catch (UndecidableException broken)
        {
            // One command can fail only itself: it is refused or kept aside with the reason, and everything else goes on.
            Undo(first);
            Refuse(work, broken, now);
        }
    }

    // What begins a stream is taken at its word: the journal takes no first event where there is one already, and then it is looked at.
    private Actor Resident(StreamId id, bool isNew = false)
    {
        if (!_actors.TryGetValue(id, out var actor))
        {
            _actors.Add(id, actor = new Actor(id));
            if (isNew)
                actor.Load(StreamImage.Nothing);
        }

        if (actor.State is null)
            actor.Load(_reader.Load([id])[0]);
        actor.Touched = _turns;
        return actor;
    }

    // Where the journal is a network away, one question for all actors of the next turns instead of one for each.
    private void Prefetch(int turns, bool chains) =>
        Prefetch(_ready.NextOnes(Math.Min(turns, MaxPrefetched), chains).Where(w => w is not MessageWork { Begins: true }).SelectMany(Receivers));

    private void Prefetch(IEnumerable<StreamId> streams)
    {
        List<StreamId>? absent = null;
        foreach (var stream in streams)
        {
            if ((!_actors.TryGetValue(stream, out var actor) || actor.State is null) && Owns(stream))
                (absent ??= []).Add(stream);
        }

        if (absent is not { Count: > 1 })
            return;
        absent = [.. absent.Distinct()];
        foreach (var (stream, image) in absent.Zip(_reader.Load(absent)))
        {
            if (!_actors.TryGetValue(stream, out var actor))
                _actors.Add(stream, actor = new Actor(stream));
            actor.Load(image);
            actor.Touched = _turns;
        }
    }

    // What nobody touched for a while costs disk, not memory; what is past the bound goes at once, oldest first.
    private void Evict(Instant now)
    {
        if (now - _sweptAt >= _options.IdleAfter)
        {
            foreach (var actor in _actors.Values.Where(a => a.Touched < _turnsAtSweep && IsIdle(a)).ToList())
                _actors.Remove(actor.Id);
            (_sweptAt, _turnsAtSweep) = (now, _turns);
            if (_actors.Capacity / 2 > _actors.Count)
                _actors.TrimExcess();
        }

        if (_actors.Count <= _options.MaxActors)
            return;
        foreach (var actor in _actors.Values.Where(IsIdle).OrderBy(a => a.Touched).Take(_actors.Count - (_options.MaxActors * 9 / 10)).ToList())
            _actors.Remove(actor.Id);
    }

    private bool IsIdle(Actor actor) => !(actor.Busy && _rules.KeepBusy) && actor.CanLeave;
}

/// <summary>What an engine goes on from.</summary>
/// <param name="Position">The last flush.</param>
/// <param name="Uncovered">What receipt blocks hold of repeats that no event covers and no row keeps, with what the row of the same group keeps.</param>
/// <param name="AfterDeath">Whether the process before this one did not end in order: something that it was doing may have killed it.</param>
public sealed record Beginning(long Position, IEnumerable<UncoveredRepeats> Uncovered, bool AfterDeath);

/// <summary>Repeats found in receipt blocks behind the last event of their group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Version">The group's version that they rest on.</param>
/// <param name="Repeats">The repeats.</param>
/// <param name="Position">The first block that holds one of them.</param>
public sealed record UncoveredRepeats(StreamId Group, long Version, Grouping.Repeats Repeats, long Position);
