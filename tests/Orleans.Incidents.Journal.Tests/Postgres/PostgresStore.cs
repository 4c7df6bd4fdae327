using Incidents.Decisions;
using Incidents.Engine;
using Incidents.Engine.Codec;
using Incidents.Journal.Postgres;
using Incidents.Testing;
using Npgsql;

namespace Incidents.Journal.Tests.Postgres;

/// <summary>A database of its own, whose shards this process owns.</summary>
internal sealed class PostgresStore : Store
{
    private readonly PostgresServer _server;
    private readonly PostgresOwner? _owner;

    /// <param name="server">The test's own; absent: the test process's one.</param>
    /// <param name="port">Where the server is reached over the network; absent: over its socket.</param>
    /// <param name="isOwned">Whether this process owns all shards; else several nodes will share them.</param>
    /// <param name="vocabulary">What the owner reads; absent: what this program does.</param>
    public PostgresStore(PostgresServer? server = null, int? port = null, bool isOwned = true, Vocabulary? vocabulary = null)
    {
        _server = server ?? PostgresServer.Shared;
        Database = _server.CreateDatabase(Prepare);
        Address = new PostgresAddress(port is null ? _server.Connection(Database) : _server.NetworkConnection(Database, port: port));
        if (isOwned)
            _owner = TakeAsync(vocabulary: vocabulary).GetAwaiter().GetResult();
    }

    public string Database { get; }

    public PostgresAddress Address { get; }

    public PostgresOwner Owner => _owner ?? throw new InvalidOperationException("nobody owns all shards");

    /// <summary>What a further process does at its start.</summary>
    /// <param name="standBy">Told when there is another owner.</param>
    /// <param name="vocabulary">What it reads; absent: what this program does.</param>
    public Task<PostgresOwner> TakeAsync(Action? standBy = null, CancellationToken? cancel = null, Vocabulary? vocabulary = null) => PostgresOwner.TakeAsync(
        Address,
        () =>
        {
            standBy?.Invoke();
            return Task.CompletedTask;
        },
        TimeProvider.System,
        vocabulary ?? Vocabulary.Current,
        cancel ?? TestContext.Current.CancellationToken);

    public override IJournalReader Reader() => Keep(new PostgresReader(Address));

    public override IStoredHistory History() => Keep(new PostgresHistory(Address));

    public override IWaitingMessages Waiting() => Keep(new PostgresWaitingMessages(Address));

    public override VerificationReport Verify() => PostgresVerification.Run(Address);

    public override void Edit(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row, as text.</summary>
    public string Ask(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }

    public override void Forbid(string type, string? containing = null, string saying = "forbidden")
    {
        var name = saying.Replace(' ', '_');
        Edit($"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{saying}' USING ERRCODE='check_violation'; END $$;
            CREATE TRIGGER {name} BEFORE INSERT ON event FOR EACH ROW WHEN (new.type='{type}' AND position('{containing}'::bytea IN new.payload)>0) EXECUTE FUNCTION {name}()
            """);
    }

    public override void Allow() => Edit("DROP TRIGGER forbidden ON event; DROP FUNCTION forbidden()");

    /// <summary>A stream's events as stored.</summary>
    public List<IEvent> Read(StreamId stream)
    {
        using var reader = new PostgresReader(Address);
        return [.. reader.Load([stream])[0].Events];
    }

    /// <summary>A session of somebody else's.</summary>
    public NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(_server.Connection(Database) + ";Pooling=false");
        connection.Open();
        return connection;
    }

    /// <summary>How many of our sessions for a purpose wait for a lock.</summary>
    public int Waiting(string purpose) => int.Parse(
        Ask($"SELECT count(*) FROM pg_stat_activity WHERE datname=current_database() AND application_name='Orleans.Incidents {purpose}' AND wait_event_type='Lock'"),
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Ends our sessions for a purpose as an operator does, or a crash of the client's machine.</summary>
    public void Terminate(string purpose) =>
        Ask($"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname=current_database() AND application_name='Orleans.Incidents {purpose}'");

    protected override IJournalStore OpenJournal() => new PostgresJournal(Owner);

    protected override void Close()
    {
        _owner?.Dispose();
        if (_server == PostgresServer.Shared)
            _server.DropDatabase(Database);
    }

    // Up to date, as a first start leaves it: what brings it there is another test's.
    private void Prepare(string database)
    {
        var address = new PostgresAddress(_server.Connection(database));
        using var connection = address.OpenFirst("prepare");
        PostgresMigrations.Apply(connection, address);
    }
}
