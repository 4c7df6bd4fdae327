using Incidents.Acceptance.Behaviour;
using Incidents.Acceptance.Complaints;
using Incidents.Acceptance.Durability;
using Incidents.Acceptance.Intake;
using Incidents.Acceptance.Processes;
using Incidents.Acceptance.Senders;

namespace Incidents.Acceptance.Stores;

/// <summary>The same with the journal in a PostgreSQL database. What takes long is run here by tests/long.sh, with INCIDENTS_TEST_STORE=postgres.</summary>
public class PostgresActionTests(PostgresInstallation installation) : ActionTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresAlertmanagerTests(PostgresInstallation installation) : AlertmanagerTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresBadInputTests(PostgresInstallation installation) : BadInputTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresBudgetAndReceiptTests(PostgresInstallation installation) : BudgetAndReceiptTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresCorpusTests(PostgresInstallation installation) : CorpusTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresGroupLifeTests(PostgresInstallation installation) : GroupLifeTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresIdempotencyTests(PostgresInstallation installation) : IdempotencyTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresListTests(PostgresInstallation installation) : ListTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresOddAlertTests(PostgresInstallation installation) : OddAlertTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresPagerDutyTests(PostgresInstallation installation) : PagerDutyTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresPreviewTests(PostgresInstallation installation) : PreviewTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresSenderComplaintTests(PostgresInstallation installation) : SenderComplaintTests(installation), IClassFixture<PostgresInstallation>;

public class PostgresKillTests(ITestOutputHelper output) : KillTests(output, Store.Postgres, kills: 3);

public class PostgresStopTests() : StopTests(Store.Postgres);
