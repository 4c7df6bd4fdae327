using Incidents.Cluster.Placement;
using Incidents.Cluster.Shards;
using Incidents.Cluster.Wire;
using Incidents.Decisions;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Incidents.Cluster.Grains;

/// <summary>
/// Ownership of one shard. Its activation takes the shard over in the journal before the first call is let in, its deactivation gives the
/// shard up behind the last decision. That there is one activation is Orleans' endeavour; that there is one owner is the journal's.
/// </summary>
[ShardPlacement, KeepAlive, Reentrant]
internal sealed class ShardGrain(IShardHost host) : Grain, IShardGrain
{
    private int Shard => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Whatever is told between the two finds the activation.
        host.WhenLost(Shard, this, Lost);
        await host.TakeAsync(Shard);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        host.Forget(Shard, this);
        await host.ReleaseAsync(Shard);
    }

    public async Task<WireAnswer?> CallAsync(WireCall call) => await host.CallAsync(call.Open()) is { } answer ? WireAnswer.Of(answer) : null;

    public async Task<WireState?> ReadAsync(string of) => await host.ReadAsync(StreamId.Parse(of)) is { } seen ? WireState.Of(seen) : null;

    public Task PingAsync() => Task.CompletedTask;

    public Task MoveAsync()
    {
        MigrateOnIdle();
        return Task.CompletedTask;
    }

    // Told on the engine's thread.
    private void Lost() => GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "another silo has taken the shard over"));
}
