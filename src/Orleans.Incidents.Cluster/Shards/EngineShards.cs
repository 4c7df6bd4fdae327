using System.Collections.Concurrent;
using Incidents.Decisions;
using Incidents.Engine.Embedded;
using Incidents.Engine.Nodes;

namespace Incidents.Cluster.Shards;

/// <summary>The grains' way to the engine of their silo, which is made before the silo starts and after the silo is.</summary>
internal sealed class EngineShards : IShardHost
{
    // About what 256 activations take to get here when a silo has died.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<int, (object Activation, Action Lost)> _activations = new();
    private readonly Gathering _taking;
    private readonly Gathering _releasing;
    private EmbeddedHost? _engine;

    public EngineShards(TimeProvider clock)
    {
        _taking = new Gathering(shards => Engine.TakeAsync(shards), Moment, clock);
        _releasing = new Gathering(shards => Engine.ReleaseAsync(shards), Moment, clock);
    }

    /// <summary>Whether there is an engine that decides.</summary>
    public bool IsUp => _engine is { Ended.IsCompleted: false };

    /// <summary>Whether a shard's grain is active on this silo, or about to be.</summary>
    public bool IsActive(int shard) => _activations.ContainsKey(shard);

    private EmbeddedHost Engine => _engine ?? throw new OperationCanceledException("this silo's engine is not there yet");

    public void Attach(EmbeddedHost engine) => _engine = engine;

    /// <summary>Others have taken shards over. May be called on the engine's thread.</summary>
    public void Lost(IReadOnlyList<int> shards)
    {
        foreach (var shard in shards)
        {
            if (_activations.TryGetValue(shard, out var known))
                known.Lost();
        }
    }

    public bool Owns(int shard) => _engine?.Owns(shard) ?? false;

    // An activation may find that the one before it could not give the shard up.
    public Task TakeAsync(int shard) => Owns(shard) ? Task.CompletedTask : _taking.MoveAsync(shard);

    public Task ReleaseAsync(int shard) => Owns(shard) ? _releasing.MoveAsync(shard) : Task.CompletedTask;

    // What comes from elsewhere may come again: it is remembered.
    public async Task<AnswerEnvelope?> CallAsync(CallEnvelope call)
    {
        var answer = await Engine.CallAsync(call.Id, call.To, call.By, call.Command, remembered: true, call.Expected);
        return answer.IsElsewhere ? null : AnswerEnvelope.Of(answer);
    }

    public async Task<StateEnvelope?> ReadAsync(StreamId of)
    {
        var seen = await Engine.ReadAsync(of);
        return seen.IsElsewhere ? null : StateEnvelope.Of(seen);
    }

    public void WhenLost(int shard, object activation, Action lost) => _activations[shard] = (activation, lost);

    public void Forget(int shard, object activation)
    {
        if (_activations.TryGetValue(shard, out var known) && known.Activation == activation)
            _activations.TryRemove(KeyValuePair.Create(shard, known));
    }
}
