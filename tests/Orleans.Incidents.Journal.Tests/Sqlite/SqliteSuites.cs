namespace Incidents.Journal.Tests.Sqlite;

public sealed class SqliteDeadLetterTests() : DeadLetterTests(new SqliteStore());

public sealed class SqliteHeldTests() : HeldTests(new SqliteStore());

public sealed class SqliteLetterViewTests() : LetterViewTests(new SqliteStore());

public sealed class SqliteOutcomeTests() : OutcomeTests(new SqliteStore());

public sealed class SqliteRepeatsTests() : RepeatsTests(new SqliteStore());

public sealed class SqliteRoundTripTests() : RoundTripTests(new SqliteStore());

public sealed class SqliteWaitingTests() : WaitingTests(new SqliteStore());
