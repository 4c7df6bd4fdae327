namespace Incidents.Server.Metrics;

/// <summary>
/// Lets concurrent scrapes share one collection, and later ones its result for a short while: a collection walks through every
/// instrument, and scrapers may not make that happen faster than it ends.
/// </summary>
/// <param name="collect">Makes one collection; <see langword="null"/> when it failed. Never called concurrently.</param>
/// <param name="freshFor">How long a result is used again; a failure never is. Zero: only by those who came while it ran.</param>
/// <param name="time">The clock of the age.</param>
internal sealed class SharedScrape(Func<Scrape?> collect, TimeSpan freshFor, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task<Scrape?> _current = Task.FromResult<Scrape?>(null);

    /// <summary>The collection that runs, else a fresh result, else a new collection.</summary>
    public Task<Scrape?> Current()
    {
        lock (_gate)
        {
            if (_current.IsCompleted && !IsFresh())
                _current = Task.Run(collect);
            return _current;
        }
    }

    private bool IsFresh() =>
        _current is { IsCompletedSuccessfully: true, Result: { } scrape } && time.GetElapsedTime(scrape.Stamp) < freshFor;
}
