using Incidents.Acceptance.Behaviour;
using Incidents.Acceptance.Intake;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Stores;

/// <summary>The same on a cluster of three silos, asked at one of them. There an alert is decided a moment after its yes: what looks sooner is not run here.</summary>
public class ClusterActionTests(ClusterInstallation installation) : ActionTests(installation), IClassFixture<ClusterInstallation>;

public class ClusterIdempotencyTests(ClusterInstallation installation) : IdempotencyTests(installation), IClassFixture<ClusterInstallation>;
