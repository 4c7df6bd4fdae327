using Incidents.Cluster.Shards;
using Incidents.Decisions;
using Orleans.Concurrency;

namespace Incidents.Cluster.Grains;

/// <summary>An incident's address.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class IncidentGrain(IShardHost host) : ActorGrain(ActorKind.Incident, host), IIncidentGrain;

/// <summary>A service's address.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class ServiceGrain(IShardHost host) : ActorGrain(ActorKind.Service, host), IServiceGrain;

/// <summary>A responder's address.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class ResponderGrain(IShardHost host) : ActorGrain(ActorKind.Responder, host), IResponderGrain;

/// <summary>An identity's address.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class IdentityGrain(IShardHost host) : ActorGrain(ActorKind.Identity, host), IIdentityGrain;

/// <summary>An alert group's address.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class AlertGroupGrain(IShardHost host) : ActorGrain(ActorKind.Group, host), IAlertGroupGrain;
