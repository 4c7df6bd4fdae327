namespace Incidents.Integrations.Tests.Delivery;

/// <summary>A clock that stands still, and timers that fire when the test says so and at no other moment.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private readonly List<Timer> _timers = [];

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The due times of the timers that were asked for.</summary>
    public IReadOnlyList<TimeSpan> Due => [.. _timers.Select(t => t.Due)];

    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_timers)
        {
            _timers.Add(new Timer(() => callback(state), dueTime));
            return _timers[^1];
        }
    }

    public void FireAll()
    {
        foreach (var timer in _timers.ToArray())
            timer.Fire();
    }

    private sealed class Timer(Action fire, TimeSpan due) : ITimer
    {
        public TimeSpan Due => due;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
