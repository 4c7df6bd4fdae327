using Incidents.Server.Hosting;
using Incidents.Server.Tests.Metrics;

namespace Incidents.Server.Tests.Hosting;

public class TickerTests
{
    [Fact]
    public async Task A_tick_that_comes_while_the_one_before_is_busy_is_left_out_and_the_next_one_is_not()
    {
        var time = new ManualTime();
        using var answers = new SemaphoreSlim(0);
        var (begun, ended) = (0, 0);
        await using var ticker = new Ticker(time, TimeSpan.FromSeconds(1), () =>
        {
            Interlocked.Increment(ref begun);
            answers.Wait(TestContext.Current.CancellationToken);
            ended++;
        });
        ticker.Start();
        var tick = await time.FirstTimer;
        var first = Task.Run(tick, TestContext.Current.CancellationToken);
        await Testing.Eventually.TrueAsync("it is busy", () => Volatile.Read(ref begun) == 1);

        tick();
        Assert.Equal((1, 0), (begun, ended));

        answers.Release(2);
        await first;
        tick();
        Assert.Equal((2, 2), (begun, ended));
    }

    [Fact]
    public async Task A_tick_that_fails_leaves_the_next_one_its_turn()
    {
        var time = new ManualTime();
        var ticks = 0;
        await using var ticker = new Ticker(time, TimeSpan.FromSeconds(1), () => throw new InvalidOperationException($"tick {++ticks}"));
        ticker.Start();
        var tick = await time.FirstTimer;

        Assert.Equal("tick 1", Assert.Throws<InvalidOperationException>(tick).Message);
        Assert.Equal("tick 2", Assert.Throws<InvalidOperationException>(tick).Message);
    }
}
