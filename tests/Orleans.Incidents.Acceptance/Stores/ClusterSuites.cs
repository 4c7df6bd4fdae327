using Incidents.Acceptance.Behaviour;
using Incidents.Acceptance.Complaints;
using Incidents.Acceptance.Intake;
using Incidents.Acceptance.Processes;
using Incidents.Acceptance.Senders;

namespace Incidents.Acceptance.Stores;

/// <summary>
/// The same on a cluster of three silos, which are asked in turn. To start one takes a while: all share it, one after another. What takes
/// long is run on silos by tests/long.sh, with INCIDENTS_TEST_STORE=cluster.
/// Three things are other than on one process, by design: an alert is decided a moment after its yes, so that scenarios wait for receipts
/// and for what alerts lead to; a request budget counts at each silo, so that its scenarios ask one of them; and what two silos were
/// sent one after the other is decided in this order only if the first was decided before the second was sent.
/// </summary>
[CollectionDefinition]
public class OneCluster : ICollectionFixture<ClusterInstallation>;

[Collection(typeof(OneCluster))]
public class ClusterActionTests(ClusterInstallation installation) : ActionTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterAlertmanagerTests(ClusterInstallation installation) : AlertmanagerTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterBadInputTests(ClusterInstallation installation) : BadInputTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterBudgetAndReceiptTests(ClusterInstallation installation) : BudgetAndReceiptTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterCorpusTests(ClusterInstallation installation) : CorpusTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterGroupLifeTests(ClusterInstallation installation) : GroupLifeTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterIdempotencyTests(ClusterInstallation installation) : IdempotencyTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterListTests(ClusterInstallation installation) : ListTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterOddAlertTests(ClusterInstallation installation) : OddAlertTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterPagerDutyTests(ClusterInstallation installation) : PagerDutyTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterPreviewTests(ClusterInstallation installation) : PreviewTests(installation);

[Collection(typeof(OneCluster))]
public class ClusterSenderComplaintTests(ClusterInstallation installation) : SenderComplaintTests(installation);
