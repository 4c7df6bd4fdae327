using Incidents.Decisions;
using Incidents.Engine.Turns;
using NodaTime;

namespace Incidents.Engine.Embedded;

/// <summary>
/// One thread writes, one decides meanwhile what comes next; behind a flush the one that wrote it goes on with the next at once, because
/// waking the other first would leave the disk idle. One of them at a time uses the engine. It owns every shard, or those that it was told
/// to take. Stops by draining: nothing accepted is left behind, and what is not accepted is answered so.
/// </summary>
public sealed class EmbeddedHost : IActors, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(2);

    // About a millisecond: the disk begins with what is decided while the rest is being decided.
    private const int TurnsAtOnce = 128;

    private readonly TurnEngine _engine;
    private readonly IJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ShardMoves? _moves;
    private readonly Inbox _inbox = new(EngineRules.All);
    private readonly SemaphoreSlim _wake = new(0);
    private readonly SemaphoreSlim _write = new(0);
    private readonly Lock _one = new();
    private readonly Thread _turns;
    private readonly Thread _writer;
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awake;
    private volatile bool _stopping;
    private volatile bool _abandoned;
    private bool _writing;
    private bool _over;
    private Func<Action<Instant>>? _toWrite;
    private int _losses;
    private long _nextDue = long.MaxValue;
    private int _rung;
    private Instant _looked;

    /// <summary>A host of an engine that owns every shard.</summary>
    public EmbeddedHost(TurnEngine engine, IJournal journal, TimeProvider clock)
    {
        _engine = engine;
        _journal = journal;
        _clock = clock;
        _turns = new Thread(() => Guard(RunTurns)) { Name = "turns", IsBackground = true };
        _writer = new Thread(() => Guard(RunWriter)) { Name = "journal", IsBackground = true };
    }

    /// <summary>A host of one node's engine, which owns nothing yet.</summary>
    /// <param name="history">Reads what blocks hold of the shards that are taken.</param>
    /// <param name="lost">Told of shards that another node has taken over. Must not block.</param>
    public EmbeddedHost(TurnEngine engine, IJournal journal, IShardJournal shards, IJournalHistory history, Action<IReadOnlyList<int>> lost, TimeProvider clock)
        : this(engine, journal, clock) => _moves = new ShardMoves(engine, shards, history, lost);

    /// <summary>Completes when the host has stopped; with the exception that broke it, or <see langword="null"/> after an orderly stop.</summary>
    public Task<Exception?> Ended => _ended.Task;

    /// <summary>Whether flushes fail at the moment, so that nothing can be accepted.</summary>
    public bool Failing => Volatile.Read(ref _losses) > 0;

    /// <summary>How many entries wait for the disk, as of the last turn.</summary>
    public int Queued { get; private set; }

    /// <summary>How many actors are in memory, as of the last turn.</summary>
    public int Actors { get; private set; }

    /// <summary>The shards that this host decides for, as of the last turn, in ascending order.</summary>
    public IReadOnlyList<int> Shards { get; private set; } = [];

    /// <summary>How long the stored message that is next in time has been due; zero when none is due.</summary>
    public TimeSpan Overdue => TimeSpan.FromTicks(Math.Max(0, (Time.Nanoseconds(Time.Now(_clock)) - Volatile.Read(ref _nextDue)) / 100));

    public void Start()
    {
        Shards = _engine.Owned;
        _writer.Start();
        _turns.Start();
    }

    /// <summary>Whether this host decides for an actor, as of the last turn.</summary>
    public bool Owns(StreamId stream) => Owns(stream.Shard);

    /// <summary>Whether it decides for a shard, as of the last turn.</summary>
    public bool Owns(int shard) => _moves is null || _moves.Owns(shard);

    /// <summary>Takes up alerts and looks; people, timers and deliveries come first.</summary>
    public void Post(Work work)
    {
        _inbox.Post(work);
        Wake();
    }

    public Task<CallAnswer> CallAsync(CommandId id, StreamId to, Caller by, ICommand command, bool remembered = false, long? expected = null, Tracing.Origin? origin = null)
    {
        var done = new TaskCompletionSource<CallAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new CallWork(id, to, by, command, done.SetResult) { Remembered = remembered, Expected = expected, Origin = origin ?? Tracing.Origin.Current() });
        return done.Task;
    }

    public Task<ReadAnswer> ReadAsync(StreamId of)
    {
        var done = new TaskCompletionSource<ReadAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new ReadWork(of, done.SetResult));
        return done.Task;
    }

    /// <summary>Takes shards over from whoever has them. Completes when this host decides for them; it is tried until it works or the host ends.</summary>
    public Task TakeAsync(IReadOnlyCollection<int> shards) => Moved(_moves!.Take(shards));

    /// <summary>Gives shards up: completes when everything decided for them is flushed and their next owner may begin.</summary>
    public Task ReleaseAsync(IReadOnlyCollection<int> shards) => Moved(_moves!.Release(shards));

    /// <summary>The journal has found out, for somebody else who asked it, that others have taken shards over.</summary>
    public void Lose()
    {
        _moves!.Lose();
        Wake();
    }

    /// <summary>Another node may have sent something.</summary>
    public void Ring()
    {
        Volatile.Write(ref _rung, 1);
        Wake();
    }

    /// <summary>
    /// Stops after everything posted so far is flushed, or when the time is over: what is not flushed by then was not answered
    /// either.
    /// </summary>
    public async Task<Exception?> StopAsync(TimeSpan limit)
    {
        _stopping = true;
        Wake();
        await Task.WhenAny(Ended, Task.Delay(limit, _clock));
        _abandoned = true;
        Wake();
        return await Ended;
    }

    /// <summary>Leaves service at once, because somebody else who uses the storage found it broken.</summary>
    public void Leave(Exception broken)
    {
        _ended.TrySetResult(broken);
        (_stopping, _abandoned) = (true, true);
        Wake();
    }

    /// <summary>Waits for what the threads are in the midst of, so that nothing uses the storage any more.</summary>
    public void Dispose()
    {
        foreach (var thread in (Thread[])[_turns, _writer])
        {
            if (thread.IsAlive)
                thread.Join(LastWait);
        }

        _wake.Dispose();
        _write.Dispose();
    }

    private async Task Moved(Task move)
    {
        Wake();
        if (await Task.WhenAny(move, Ended) != move)
            throw new OperationCanceledException("the host has ended");
        await move;
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _awake, 1) == 0)
            _wake.Release();
    }

    private void RunTurns()
    {
        while (Advance(written: null) is { } rest)
        {
            if (rest > TimeSpan.Zero)
                _wake.Wait(rest);
            Volatile.Write(ref _awake, 0);
        }

        _toWrite = null;
        _write.Release();
    }

    // How long there is nothing to do but what is posted; absent: no more is done at all.
    private TimeSpan? Advance(Action<Instant>? written)
    {
        lock (_one)
        {
            if (_over)
                return null;

            // It stays so where a broken invariant ends this half-way.
            _over = true;
            var now = Time.Now(_clock);
            if (written is not null)
            {
                _writing = false;
                written(now);
            }

            if (_moves is not null)
                Move(now);
            _inbox.Drain(_engine.Post);
            _engine.Advance(now);
            Step(now);
            Seal(now);
            (Queued, Actors) = (_engine.Queued, _engine.Actors);
            Volatile.Write(ref _nextDue, _engine.NextDue ?? long.MaxValue);
            _over = _abandoned || (_stopping && Idle());
            return _over ? null : Rest(now);
        }
    }

    private bool Idle() => _inbox.IsEmpty && !_engine.HasWork && _engine.Queued == 0 && !_writing;

    // What other nodes sent is looked for when they ring, and with every tick in case that was not heard.
    private void Move(Instant now)
    {
        if (Interlocked.Exchange(ref _rung, 0) == 1 || now - _looked >= Duration.FromTimeSpan(Tick))
        {
            _looked = now;
            _engine.Ring();
        }

        if (!_writing && _moves!.Next() is { } job)
            Write(job);
        Shards = _engine.Owned;
    }

    private void Seal(Instant now)
    {
        while (!_writing && _engine.Seal(now) is { } flush)
        {
            if (!flush.IsEmpty || _engine.MustProve)
            {
                Write(() => Flushed(flush));
                return;
            }

            _engine.Complete(FlushOutcome.Committed(_engine.Position), now);
            Step(now);
        }

        // What failed may be another node's to do meanwhile, or nobody's, and the edge lets nothing in that would be flushed. The writer's pauses pace it.
        if (Failing && !_writing && !_stopping && _engine.Queued == 0)
        {
            var nothing = _engine.SealNothing(now);
            Write(() => Flushed(nothing));
        }
    }

    // A problem that was taken up gets to its page within one flush.
    private void Step(Instant now)
    {
        _engine.Step(now, TurnsAtOnce);
        _engine.Follow(now);
    }

    private void Complete(FlushOutcome outcome, Instant now)
    {
        Volatile.Write(ref _losses, outcome.IsFailure ? _losses + 1 : 0);
        _engine.Complete(outcome, now);
        if (outcome.LostShards.Count > 0)
            _moves!.Tell(outcome.LostShards);
    }

    private TimeSpan Rest(Instant now) =>
        !_inbox.IsEmpty || _engine.CanStep ? TimeSpan.Zero
        : _engine.NextDue is { } due ? TimeSpan.FromTicks(Math.Clamp((due - Time.Nanoseconds(now)) / 100, 0, Tick.Ticks))
        : Tick;

    private void Write(Func<Action<Instant>> job)
    {
        _writing = true;
        _toWrite = job;
        _write.Release();
    }

    // What it returns is done where the engine is used.
    private Action<Instant> Flushed(Flush flush)
    {
        var outcome = _journal.Commit(flush);
        for (var tries = 0; outcome.Status == FlushStatus.Unknown; tries++)
        {
            if (tries > 0)
            {
                // The edge refuses at once while nobody knows, instead of letting everybody wait.
                Interlocked.Increment(ref _losses);
                Pause(tries);
            }

            outcome = _journal.Settle(flush);
        }

        // A full disk does not get emptier by trying at once again.
        if (outcome.IsFailure)
            Pause(Volatile.Read(ref _losses));
        return now => Complete(outcome, now);
    }

    private void RunWriter()
    {
        while (true)
        {
            _write.Wait();
            if (_toWrite is not { } job)
                return;
            if (Advance(job()) is not { } rest || rest < Tick)
                Wake();
        }
    }

    internal static void Pause(int tries) => Thread.Sleep(Math.Min(1000, 20 << Math.Min(tries, 6)));

    private void Guard(Action run)
    {
        try
        {
            run();
            if (Thread.CurrentThread == _turns)
                _ended.TrySetResult(null);
        }
        catch (Exception broken)
        {
            // Broken storage or a broken invariant: the process leaves service rather than guess.
            _ended.TrySetResult(broken);
        }
    }
}
