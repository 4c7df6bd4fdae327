using Incidents.Cluster.Grains;
using Incidents.Decisions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Incidents.Cluster.Shards;

/// <summary>
/// Sees that every shard is decided for: grains become active when they are called, but timers call nobody. Each silo looks after the
/// shards that belong to it, and sends those home that it has for others. What the engine has without a grain it gives up.
/// </summary>
internal sealed partial class ShardKeeper(EngineShards engine, IGrainFactory grains, ShardHomes homes, TimeProvider clock, ILogger<ShardKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    // Silos learn of a change one after another: who moves shards at once moves some of them twice.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    // Of 256: what moves stands still for a moment, the rest goes on.
    private const int MovesAtOnce = 16;

    private readonly Task?[] _underWay = new Task?[StreamId.Shards];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The silo is about to stop: its grains give their shards up, and others look after them.
        }
    }

    private void Look()
    {
        homes.Look();
        if (!homes.IsIn || !engine.IsUp)
            return;
        var moves = homes.Age >= Settled ? MovesAtOnce : 0;
        for (var shard = 0; shard < StreamId.Shards; shard++)
        {
            if (_underWay[shard] is { IsCompleted: false })
                continue;
            var (isOurs, isHere, isActive) = (homes.IsOurs(shard), engine.Owns(shard), engine.IsActive(shard));
            if (isOurs && !(isHere && isActive))
                _underWay[shard] = AskAsync(shard, grain => grain.PingAsync());
            else if (!isOurs && isHere && moves-- > 0)
                _underWay[shard] = AskAsync(shard, grain => isActive ? grain.MoveAsync() : engine.ReleaseAsync(shard));
        }
    }

    private async Task AskAsync(int shard, Func<IShardGrain, Task> ask)
    {
        try
        {
            await ask(grains.GetGrain<IShardGrain>(shard));
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            // Whatever a silo that has gone makes of it: it is asked again.
            NotAnswered(log, failed, shard);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "shard {Shard} does not answer")]
    private static partial void NotAnswered(ILogger log, Exception failed, int shard);
}
