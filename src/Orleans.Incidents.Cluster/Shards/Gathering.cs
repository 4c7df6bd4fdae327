namespace Incidents.Cluster.Shards;

/// <summary>
/// Gathers shards that come one by one at about the same moment, and while a batch is under way, into batches: each is one transaction,
/// where 256 would be as many.
/// </summary>
/// <param name="move">Moves a batch. Its failure is everybody's.</param>
/// <param name="moment">How long the first waits for others.</param>
internal sealed class Gathering(Func<IReadOnlyCollection<int>, Task> move, TimeSpan moment, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private HashSet<int> _next = [];
    private Task? _coming;
    private Task _before = Task.CompletedTask;

    /// <summary>Completes when the batch that the shard got into is moved.</summary>
    public Task MoveAsync(int shard)
    {
        lock (_lock)
        {
            _next.Add(shard);
            return _coming ??= _before = BatchAsync(_before);
        }
    }

    private async Task BatchAsync(Task before)
    {
        // Behind the one before, however that ends.
        await Task.Delay(moment, clock).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        HashSet<int> batch;
        lock (_lock)
            (batch, _next, _coming) = (_next, [], null);
        await move(batch);
    }
}
