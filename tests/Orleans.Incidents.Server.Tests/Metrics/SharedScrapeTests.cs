using Incidents.Server.Metrics;

namespace Incidents.Server.Tests.Metrics;

public sealed class SharedScrapeTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ManualResetEventSlim _release = new();
    private int _collections;

    public void Dispose() => _release.Dispose();

    [Fact]
    public async Task Current_WhileACollectionRuns_IsThatCollection()
    {
        var shared = Shared(TimeSpan.Zero);

        var (first, second) = (shared.Current(), shared.Current());
        _release.Set();

        Assert.Same(first, second);
        Assert.Same(await first, await second);
        Assert.Equal(1, _collections);
    }

    [Fact]
    public async Task Current_WithinTheCacheTime_IsTheLastResultAndAfterwardsANewOne()
    {
        var shared = Shared(TimeSpan.FromMilliseconds(300));
        _release.Set();
        var first = await shared.Current();

        _time.Elapsed = TimeSpan.FromMilliseconds(299);
        Assert.Same(first, await shared.Current());
        _time.Elapsed = TimeSpan.FromMilliseconds(300);
        Assert.NotSame(first, await shared.Current());
        Assert.Equal(2, _collections);
    }

    [Fact]
    public async Task Current_WithoutCacheTime_CollectsAgain()
    {
        var shared = Shared(TimeSpan.Zero);
        _release.Set();

        await shared.Current();
        await shared.Current();

        Assert.Equal(2, _collections);
    }

    [Fact]
    public async Task Current_AfterAFailure_CollectsAgainAtOnce()
    {
        var calls = 0;
        var shared = new SharedScrape(() => ++calls == 1 ? null : calls == 2 ? throw new InvalidOperationException() : Result(), TimeSpan.FromHours(1), _time);

        Assert.Null(await shared.Current());
        await Assert.ThrowsAsync<InvalidOperationException>(() => shared.Current());
        Assert.NotNull(await shared.Current());
    }

    private SharedScrape Shared(TimeSpan freshFor) => new(
        () =>
        {
            Interlocked.Increment(ref _collections);
            _release.Wait();
            return Result();
        },
        freshFor,
        _time);

    private Scrape Result() => new([], [], _time.GetUtcNow(), _time.GetTimestamp());
}
