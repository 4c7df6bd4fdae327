using System.Collections.Concurrent;
using Incidents.Server.Hosting;
using NodaTime;

namespace Incidents.Server.Tests.Hosting;

public class SteadyClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Machine _machine = new(Noon);
    private readonly List<Duration> _jumps = [];

    [Fact]
    public void It_is_the_machines_clock_while_that_goes_on()
    {
        var clock = Begin();
        Assert.Equal(Noon, clock.GetUtcNow());

        _machine.Pass(TimeSpan.FromHours(1));

        Assert.Equal(Noon.AddHours(1), clock.GetUtcNow());
        Assert.Equal((TimeSpan.Zero, 0), (clock.Ahead, _jumps.Count));
    }

    [Fact]
    public void It_follows_forward_at_once()
    {
        var clock = Begin();
        _ = clock.GetUtcNow();

        _machine.Now += TimeSpan.FromHours(3);

        Assert.Equal(Noon.AddHours(3), clock.GetUtcNow());
        Assert.Equal([Duration.FromHours(3)], _jumps);
    }

    [Fact]
    public void It_goes_on_a_tenth_slower_where_the_machines_clock_is_set_back_until_that_has_caught_up()
    {
        var clock = Begin();
        _ = clock.GetUtcNow();

        _machine.Now -= TimeSpan.FromMinutes(1);
        Assert.Equal(Noon, clock.GetUtcNow());
        Assert.Equal([-Duration.FromMinutes(1)], _jumps);
        _machine.Pass(TimeSpan.FromSeconds(100));

        Assert.Equal(Noon.AddSeconds(90), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(50), clock.Ahead);
        _machine.Pass(TimeSpan.FromSeconds(510));
        Assert.Equal(_machine.Now, clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, clock.Ahead);
        Assert.Single(_jumps);
    }

    [Fact]
    public void It_begins_no_earlier_than_its_floor()
    {
        var clock = Begin(Noon.AddDays(1));

        Assert.Equal(Noon.AddDays(1), clock.GetUtcNow());
        _machine.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(Noon.AddDays(1).AddSeconds(9), clock.GetUtcNow());
        Assert.Equal([-Duration.FromDays(1)], _jumps);
    }

    [Fact]
    public void A_small_step_back_is_no_jump_and_still_no_way_back()
    {
        var clock = Begin();
        _ = clock.GetUtcNow();

        _machine.Now -= TimeSpan.FromSeconds(5);

        Assert.Equal(Noon, clock.GetUtcNow());
        Assert.Empty(_jumps);
    }

    [Fact]
    public void What_is_told_between_two_readings_counts_when_the_machines_clock_is_set_back()
    {
        var clock = Begin();
        _ = clock.GetUtcNow();
        _machine.Pass(TimeSpan.FromMilliseconds(900));
        Assert.Equal(Noon.AddMilliseconds(900), clock.GetUtcNow());

        _machine.Now -= TimeSpan.FromMinutes(1);
        _machine.Pass(TimeSpan.FromMilliseconds(10));

        Assert.Equal(Noon.AddMilliseconds(900), clock.GetUtcNow());
        _machine.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(Noon.AddMilliseconds(9_900), clock.GetUtcNow());
    }

    [Fact]
    public async Task No_thread_is_told_a_time_before_what_another_was_told_and_each_jump_is_told_once()
    {
        const int threads = 4, asked = 50_000;
        var machine = new Shared(Noon);
        var jumps = new ConcurrentQueue<Duration>();
        var clock = new SteadyClock(machine, Instant.FromDateTimeOffset(Noon), jumps.Enqueue);
        _ = clock.GetUtcNow();
        long latest = 0, wrong = 0;

        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(() => Ask(thread), TaskCreationOptions.LongRunning)));

        Assert.Equal(0, wrong);
        Assert.Equal([-Duration.FromHours(1)], jumps);

        void Ask(int thread)
        {
            for (var i = 0; i < asked; i++)
            {
                if (thread == 0 && i == asked / 2)
                    machine.SetBack(TimeSpan.FromHours(1));
                var before = Interlocked.Read(ref latest);
                var told = clock.GetUtcNow().UtcTicks;
                if (told < before)
                    Interlocked.Increment(ref wrong);
                for (var known = before; known < told && Interlocked.CompareExchange(ref latest, told, known) is var found && found != known;)
                    known = found;
            }
        }
    }

    private SteadyClock Begin(DateTimeOffset? floor = null) => new(_machine, Instant.FromDateTimeOffset(floor ?? DateTimeOffset.UnixEpoch), _jumps.Add);

    private sealed class Machine(DateTimeOffset now) : TimeProvider
    {
        private long _ticks = 1;

        public DateTimeOffset Now { get; set; } = now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time)
        {
            Now += time;
            _ticks += time.Ticks;
        }

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => _ticks;
    }

    /// <summary>A machine whose time passes with each look at it, for any number of threads.</summary>
    private sealed class Shared(DateTimeOffset begin) : TimeProvider
    {
        private long _ticks = 1;
        private long _behind;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void SetBack(TimeSpan by) => Interlocked.Add(ref _behind, by.Ticks);

        public override DateTimeOffset GetUtcNow() => begin.AddTicks(Interlocked.Add(ref _ticks, 7) - Interlocked.Read(ref _behind));

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, 3);
    }
}
