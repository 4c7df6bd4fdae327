using System.Diagnostics;
using Incidents.Load.Traffic;

namespace Incidents.Load.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public async Task Every_request_is_due_at_its_own_moment_whenever_it_is_taken()
    {
        var schedule = new Schedule(number => [(byte)number], perSecond: 1000, TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
        var shots = new List<Shot>();
        while (await schedule.NextAsync() is { } shot)
            shots.Add(shot);
        Assert.Equal([0, 1, 2, 3, 4], shots.Select(s => (int)s.Request[0]));
        Assert.Equal([1, 1, 1, 1], shots.Zip(shots.Skip(1), (a, b) => (int)Math.Round(Stopwatch.GetElapsedTime(a.Since, b.Since).TotalMilliseconds)));
        Assert.All(shots, s => Assert.True(s.Since <= Stopwatch.GetTimestamp()));
    }

    [Fact]
    public async Task After_its_end_nothing_is_handed_out()
    {
        var schedule = new Schedule(_ => [], perSecond: 1, TimeSpan.Zero, TimeSpan.FromHours(1));
        Assert.NotNull(await schedule.NextAsync());
        schedule.End();
        Assert.Null(await schedule.NextAsync());
    }
}
