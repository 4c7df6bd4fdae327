using NodaTime;
using Duration = NodaTime.Duration;

namespace Incidents.Server.Hosting;

/// <summary>
/// The machine's clock, but one that never goes back: budgets, windows and due times count from what was written before. Where the
/// machine's clock is set back, also between two runs, time goes on from where it was, a tenth slower until the clock has caught up.
/// Forward it follows at once, because whoever slept through a due time is late. Thread-safe, and nobody waits for anybody: every
/// request asks several times.
/// </summary>
/// <param name="world">The machine's clock; durations and timers are its own.</param>
/// <param name="floor">The time before which this one does not begin.</param>
/// <param name="jumped">Told when the machine's clock moved by more than five seconds against its own elapsed time, or begins that far before the floor; by how much. May come from any thread.</param>
internal sealed class SteadyClock(TimeProvider world, Instant floor, Action<Duration> jumped) : TimeProvider
{
    private const double RateWhileAhead = 0.9;

    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(5);

    // So long after a reading, and that near to it, the machine's clock is taken at its word.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(1);

    private Reading _last = new(floor.ToDateTimeOffset(), default, 0);
    private long _told = floor.ToDateTimeOffset().UtcTicks;

    public override long TimestampFrequency => world.TimestampFrequency;

    /// <summary>How far it is ahead of the machine's clock; zero when it is not.</summary>
    public TimeSpan Ahead => GetUtcNow() - world.GetUtcNow() is var ahead && ahead > Jump ? ahead : TimeSpan.Zero;

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => world.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        while (true)
        {
            // The last reading first: then what the machine says is never older than that.
            var last = Volatile.Read(ref _last);
            var (says, at) = (world.GetUtcNow(), world.GetTimestamp());
            var elapsed = last.At == 0 ? TimeSpan.Zero : world.GetElapsedTime(last.At, at);
            if (last.At != 0 && last.Now == last.World && elapsed < Fresh && (says - last.World - elapsed).Duration() < Near)
                return Told(says);

            // Where another thread was faster, this one's reading counts from the new one: each jump is told once.
            var next = Next(last, says, at, elapsed);
            if (!ReferenceEquals(Interlocked.CompareExchange(ref _last, next, last), last))
                continue;
            var jump = last.At != 0 ? says - last.World - elapsed : says < last.Now ? says - last.Now : TimeSpan.Zero;
            if (jump.Duration() > Jump)
                jumped(Duration.FromTimeSpan(jump));
            return Told(next.Now);
        }
    }

    private Reading Next(Reading last, DateTimeOffset says, long at, TimeSpan elapsed)
    {
        var own = last.Now > last.World || says < last.Now ? last.Now + (elapsed * RateWhileAhead) : says;
        var told = new DateTimeOffset(Volatile.Read(ref _told), TimeSpan.Zero);
        var now = own > says ? own : says;
        return new Reading(now > told ? now : told, says, Math.Max(1, at));
    }

    // Never before what anybody was told.
    private DateTimeOffset Told(DateTimeOffset now)
    {
        for (var told = Volatile.Read(ref _told); told < now.UtcTicks;)
        {
            var found = Interlocked.CompareExchange(ref _told, now.UtcTicks, told);
            if (found == told)
                return now;
            told = found;
        }

        return new DateTimeOffset(Volatile.Read(ref _told), TimeSpan.Zero);
    }

    /// <summary>Time of a moment, what the machine's clock said then, and its timestamp; 0: nobody has asked.</summary>
    private sealed record Reading(DateTimeOffset Now, DateTimeOffset World, long At);
}
