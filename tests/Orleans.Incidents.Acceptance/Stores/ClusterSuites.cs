using Incidents.Acceptance.Behaviour;
using Incidents.Acceptance.Intake;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Stores;

/// <summary>The same on a cluster of three silos, asked at one of them. The others are run so by tests/long.sh, with INCIDENTS_TEST_STORE=cluster.</summary>
public class ClusterActionTests(ClusterInstallation installation) : ActionTests(installation), IClassFixture<ClusterInstallation>;

public class ClusterGroupLifeTests(ClusterInstallation installation) : GroupLifeTests(installation), IClassFixture<ClusterInstallation>;

public class ClusterIdempotencyTests(ClusterInstallation installation) : IdempotencyTests(installation), IClassFixture<ClusterInstallation>;
