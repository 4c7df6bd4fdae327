namespace Incidents.Engine.Views;

/// <summary>
/// Follows the journal into the views on a thread of its own, reading what is flushed: the same way after a restart, after the
/// views were deleted, and while serving.
/// </summary>
public sealed class Projector(IJournalHistory history, IIncidentViews views) : IDisposable
{
    // Lists need not follow every flush: what comes in between is projected together.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly AutoResetEvent _pace = new(initialState: false);
    private readonly AutoResetEvent _wake = new(initialState: true);
    private readonly Lock _lock = new();
    private readonly List<(long Position, TaskCompletionSource Done)> _waiting = [];
    private Thread? _thread;
    private volatile bool _stop;

    /// <summary>The journal position that lists show.</summary>
    public long Position { get; private set; } = views.Position;

    /// <summary>Set when the views cannot be written: lists are stale and say so.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>Told when <see cref="Broken"/> is set, on the projector's own thread.</summary>
    public Action<Exception>? OnBroken { get; init; }

    public void Start()
    {
        _thread = new Thread(Run) { Name = "views", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>Something was flushed.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Waits until lists show a position.</summary>
    public Task WaitAsync(long position, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (Position >= position)
                return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((position, done));
            _pace.Set();
            return done.Task.WaitAsync(cancel);
        }
    }

    public void Dispose()
    {
        _stop = true;
        _pace.Set();
        _wake.Set();
        _thread?.Join();
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
        try
        {
            while (!_stop)
            {
                if (!CatchUp())
                    _wake.WaitOne(TimeSpan.FromSeconds(1));
                else if (!IsAwaited)
                    _pace.WaitOne(Pace);
            }
        }
        catch (Exception broken)
        {
            Broken = broken;
            OnBroken?.Invoke(broken);
        }
    }

    // Whether there was anything to do. A flush may hold receipts alone, so the position is read before the events.
    private bool CatchUp()
    {
        var position = history.Position;
        if (position <= Position)
            return false;
        var events = history.After(Position, atLeast: 2000);
        if (events.Count >= 2000)
            position = events[^1].Position;
        else
            events = [.. events.Where(e => e.Position <= position)];
        views.Apply(events, position);
        lock (_lock)
        {
            Position = position;
            foreach (var (_, done) in _waiting.Where(w => w.Position <= position))
                done.TrySetResult();
            _waiting.RemoveAll(w => w.Position <= position);
        }

        return true;
    }
}
