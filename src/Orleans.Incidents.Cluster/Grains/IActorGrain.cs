using Incidents.Cluster.Wire;

namespace Incidents.Cluster.Grains;

/// <summary>The address of an actor, by its key: on every silo, and of no state.</summary>
internal interface IActorGrain : IGrainWithStringKey
{
    /// <summary>Decides a command, here or where the actor's shard is.</summary>
    /// <returns><see langword="null"/>: the shard was moving.</returns>
    [Alias("call")]
    Task<WireAnswer?> CallAsync(WireCall call);

    /// <summary>Looks at the actor, here or where its shard is.</summary>
    /// <returns><see langword="null"/>: the shard was moving.</returns>
    [Alias("read")]
    Task<WireState?> ReadAsync();
}

/// <summary>An incident.</summary>
[Alias("incidents.incident")]
internal interface IIncidentGrain : IActorGrain;

/// <summary>A service.</summary>
[Alias("incidents.service")]
internal interface IServiceGrain : IActorGrain;

/// <summary>A responder.</summary>
[Alias("incidents.responder")]
internal interface IResponderGrain : IActorGrain;

/// <summary>An identity.</summary>
[Alias("incidents.identity")]
internal interface IIdentityGrain : IActorGrain;

/// <summary>An alert group.</summary>
[Alias("incidents.group")]
internal interface IAlertGroupGrain : IActorGrain;
