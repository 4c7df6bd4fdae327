namespace Incidents.Journal.Tests.Postgres;

public sealed class PostgresDeadLetterTests() : DeadLetterTests(new PostgresStore());

public sealed class PostgresHeldTests() : HeldTests(new PostgresStore(vocabulary: HeldTests.Newer()));

public sealed class PostgresLetterViewTests() : LetterViewTests(new PostgresStore());

public sealed class PostgresOutcomeTests() : OutcomeTests(new PostgresStore());

public sealed class PostgresRepeatsTests() : RepeatsTests(new PostgresStore());

public sealed class PostgresRoundTripTests() : RoundTripTests(new PostgresStore());

public sealed class PostgresWaitingTests() : WaitingTests(new PostgresStore());
