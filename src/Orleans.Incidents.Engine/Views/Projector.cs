using Incidents.Engine.Turns;

namespace Incidents.Engine.Views;

/// <summary>
/// Follows the journal into the views on a thread of its own: what was just flushed as it still is in memory, and everything else, after a
/// restart, after the views were deleted, and where it fell behind, as the journal has it. On request it makes them anew beside
/// the old ones, which are read until then.
/// </summary>
public sealed class Projector : IDisposable
{
    // Lists need not follow every flush: what comes in between is projected together.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly IJournalHistory _history;
    private readonly IIncidentViews _views;
    private readonly EngineRules _rules;
    private readonly RecentEvents _recent;
    private readonly int _batch;
    private readonly AutoResetEvent _pace = new(initialState: false);
    private readonly AutoResetEvent _wake = new(initialState: true);
    private readonly Lock _lock = new();
    private readonly List<(long Position, TaskCompletionSource Done)> _waiting = [];
    private Thread? _thread;
    private Rebuild? _rebuild;
    private volatile bool _stop;

    public Projector(IJournalHistory history, IIncidentViews views)
        : this(history, views, EngineRules.All, batch: 2000, recent: 20_000)
    {
    }

    internal Projector(IJournalHistory history, IIncidentViews views, EngineRules rules, int batch, int recent)
    {
        _batch = batch;
        _recent = new RecentEvents(recent, history.Position);
        _history = history;
        _views = views;
        _rules = rules;
        Position = views.Position;
    }

    /// <summary>The journal position that lists show.</summary>
    public long Position { get; private set; }

    /// <summary>Set while the views cannot be read or written: lists are stale and say so. It is tried again every second.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>Told when <see cref="Broken"/> becomes set, on the projector's own thread.</summary>
    public Action<Exception>? OnBroken { get; init; }

    /// <summary>How far the making anew has come; <see langword="null"/>: none is under way.</summary>
    public long? Rebuilding
    {
        get
        {
            lock (_lock)
                return _rebuild?.Position;
        }
    }

    public void Start()
    {
        _thread = new Thread(Run) { Name = "views", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>These commits are durable at this position. Returns at once.</summary>
    public void Flushed(long position, IReadOnlyList<Commit> commits)
    {
        _recent.Add(position, commits);
        _wake.Set();
    }

    /// <summary>Waits until lists show a position.</summary>
    public Task WaitAsync(long position, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (Position >= position || !_rules.AwaitPosition)
                return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((position, done));
            _pace.Set();

            // What another process flushed is in the journal already, and nobody here is told of it.
            _wake.Set();
            return done.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Makes the views anew, or joins a making that is under way. Completes with the position at which they took the old ones' place.</summary>
    public Task<long> RebuildAsync()
    {
        lock (_lock)
        {
            _rebuild ??= new Rebuild(_views);
            _wake.Set();
            return _rebuild.Done;
        }
    }

    public void Dispose()
    {
        _stop = true;
        _pace.Set();
        _wake.Set();
        _thread?.Join();
        _rebuild?.Dispose();
        _wake.Dispose();
        _pace.Dispose();
    }

    private bool IsAwaited
    {
        get
        {
            lock (_lock)
                return _waiting.Count > 0;
        }
    }

    private void Run()
    {
        while (!_stop)
        {
            var (caughtUp, rebuilt) = (TryCatchUp(), MakeAnew());

            // A making anew leaves readers of the journal their time.
            if (rebuilt)
                _pace.WaitOne(Breath);
            else if (!caughtUp)
                _wake.WaitOne(Rest);
            else if (!IsAwaited)
                _pace.WaitOne(Pace);
        }
    }

    // A full disk gets room again and damaged views are made anew: this thread does not end before the process does.
    private bool TryCatchUp()
    {
        try
        {
            var worked = CatchUp();
            Broken = null;
            return worked;
        }
        catch (Exception broken)
        {
            if (Broken is null)
                OnBroken?.Invoke(broken);
            Broken = broken;
            return false;
        }
    }

    // Whether there was anything to do.
    internal bool CatchUp()
    {
        if (_recent.TakeBehind(Position, _batch) is not { } next)
        {
            var goal = _history.Position;
            if (goal <= Position && Broken is null)
                return false;
            next = Batch(Position, goal);
        }

        _views.Apply(next.Events, next.Position);
        MoveTo(next.Position);
        return true;
    }

    private bool MakeAnew()
    {
        if (_rebuild is not { } rebuild)
            return false;

        // Where the old views cannot follow, the new ones are not held back by them.
        var goal = Broken is null ? Position : _history.Position;
        if (!rebuild.Step(Batch, goal))
            return true;
        lock (_lock)
            _rebuild = null;
        if (rebuild.Replaced)
            MoveTo(goal);
        rebuild.Tell();
        return true;
    }

    // A flush may hold receipts alone, so the goal is read before the events.
    private (IReadOnlyList<StoredEvent> Events, long Position) Batch(long from, long goal)
    {
        var events = _history.After(from, _batch);
        return events.Count >= _batch && events[^1].Position <= goal
            ? (events, events[^1].Position)
            : ([.. events.Where(e => e.Position <= goal)], goal);
    }

    private void MoveTo(long position)
    {
        lock (_lock)
        {
            Position = position;
            foreach (var (_, done) in _waiting.Where(w => w.Position <= position))
                done.TrySetResult();
            _waiting.RemoveAll(w => w.Position <= position);
        }
    }
}
