using NodaTime;
using Duration = NodaTime.Duration;

namespace Incidents.Server.Hosting;

/// <summary>
/// The machine's clock, but one that never goes back: budgets, windows and due times count from what was written before. Where the
/// machine's clock is set back, also between two runs, time goes on from where it was, a tenth slower until the clock has caught up.
/// Forward it follows at once, because whoever slept through a due time is late. Thread-safe.
/// </summary>
/// <param name="world">The machine's clock; durations and timers are its own.</param>
/// <param name="floor">The time before which this one does not begin.</param>
/// <param name="jumped">Told when the machine's clock moved by more than five seconds against its own elapsed time, or begins that far before the floor; by how much.</param>
internal sealed class SteadyClock(TimeProvider world, Instant floor, Action<Duration> jumped) : TimeProvider
{
    private const double RateWhileAhead = 0.9;

    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private DateTimeOffset _now = floor.ToDateTimeOffset();
    private DateTimeOffset _world;
    private long _at;

    public override long TimestampFrequency => world.TimestampFrequency;

    /// <summary>How far it is ahead of the machine's clock; zero when it is not.</summary>
    public TimeSpan Ahead => GetUtcNow() - world.GetUtcNow() is var ahead && ahead > Jump ? ahead : TimeSpan.Zero;

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => world.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        TimeSpan jump;
        DateTimeOffset now;
        lock (_lock)
        {
            var (says, at) = (world.GetUtcNow(), world.GetTimestamp());
            var isFirst = _at == 0;
            var elapsed = isFirst ? TimeSpan.Zero : world.GetElapsedTime(_at, at);
            jump = isFirst ? (says < _now ? says - _now : TimeSpan.Zero) : says - _world - elapsed;
            var own = _now > _world || says < _now ? _now + (elapsed * RateWhileAhead) : says;
            _now = now = own > says ? own : says;
            (_world, _at) = (says, Math.Max(1, at));
        }

        if (jump.Duration() > Jump)
            jumped(Duration.FromTimeSpan(jump));
        return now;
    }
}
