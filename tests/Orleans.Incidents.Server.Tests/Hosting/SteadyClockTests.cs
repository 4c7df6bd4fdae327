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
}
