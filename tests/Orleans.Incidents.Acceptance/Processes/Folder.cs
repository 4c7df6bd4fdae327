using Incidents.Journal;
using Incidents.Journal.Postgres;
using Incidents.Journal.Sqlite;

namespace Incidents.Acceptance.Processes;

/// <summary>Which kind of store a server keeps its journal in.</summary>
internal enum Store
{
    /// <summary>A file in the data folder.</summary>
    Sqlite,

    /// <summary>A database of its own on the test process's server.</summary>
    Postgres,

    /// <summary>Such a database, which the silos of a cluster share.</summary>
    Cluster,
}

/// <summary>A folder of a test's own, and a database where the journal is to be in one; both gone afterwards.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Lazy<PostgresServer> _server;
    private readonly string? _database;
    private readonly List<ServerProcess> _companions = [];

    /// <param name="store">Where the journal is to be.</param>
    /// <param name="server">The server that a database is made on; absent: that of the test process.</param>
    public Folder(Store? store = null, PostgresServer? server = null)
    {
        Store = store ?? Default;
        _server = new Lazy<PostgresServer>(() => server ?? PostgresServer.Shared);
        _database = Store == Store.Sqlite ? null : _server.Value.CreateDatabase();
        _folder = Directory.CreateTempSubdirectory("incidents-");
    }

    /// <summary>What a test takes that names none: a file, or what INCIDENTS_TEST_STORE says.</summary>
    private static Store Default { get; } = Setting.Text("INCIDENTS_TEST_STORE") is { } name ? Enum.Parse<Store>(name, ignoreCase: true) : Store.Sqlite;

    public Store Store { get; }

    /// <summary>Where a server keeps its data.</summary>
    public string Data => At("data");

    public string Journal => Path.Combine(Data, "journal.db");

    /// <summary>The further silos of a cluster, which go on while a test's own server is stopped, killed and started again.</summary>
    public IReadOnlyList<ServerProcess> Companions => _companions;

    /// <summary>How a command is told where the journal is.</summary>
    public string[] Where => _database is null ? ["--data", Data] : ["--data", Data, "--postgres", Connection];

    /// <summary>How a server is told where the journal is, and how it is shared.</summary>
    public string[] Serves => Store == Store.Cluster ? [.. Where, .. Silos.Arguments()] : Where;

    /// <summary>The database's connection, of a journal that is in one.</summary>
    public string Connection => _server.Value.Connection(_database!);

    /// <summary>The same over a network of the test's own.</summary>
    public string ConnectionBy(Relay relay) => _server.Value.NetworkConnection(_database!, port: relay.Port);

    /// <summary>Asks the database.</summary>
    public string Ask(string sql) => _server.Value.Sql(_database!, sql);

    /// <summary>Of a cluster: starts two further silos, unless they are there.</summary>
    public async Task AccompanyAsync(string config, IReadOnlyDictionary<string, string> environment)
    {
        if (Store == Store.Cluster && _companions.Count == 0)
            _companions.AddRange(await Task.WhenAll(Enumerable.Range(1, 2).Select(i => ServerProcess.StartAsync(At($"companion-{i}"), config, environment, true, ["--postgres", Connection, .. Silos.Arguments()]))));
    }

    /// <summary>
    /// What an alert led to holds: at once where one process decides everything in turn, and on a cluster as soon as the silos between the
    /// alert's group and the actor have decided, one after another.
    /// </summary>
    public async Task HoldsAsync(string what, Func<Task<bool>> holds)
    {
        if (Store == Store.Cluster)
            await Eventually.TrueAsync(what, holds);
        else
            Assert.True(await holds(), what);
    }

    public string At(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Skips the running test where the journal is no file.</summary>
    public void RequireFile()
    {
        if (_database is not null)
            Tool.Absent("a journal that is a file");
    }

    /// <summary>The whole journal verifies.</summary>
    public void AssertVerifies() => AssertVerifies(_database is null ? Verification.Run(Journal) : PostgresVerification.Run(new PostgresAddress(Connection)));

    public static void AssertVerifies(string journal) => AssertVerifies(Verification.Run(journal));

    public void Dispose()
    {
        _companions.ForEach(c => c.Dispose());
        _folder.Delete(recursive: true);
        if (_database is not null)
            _server.Value.DropDatabase(_database);
    }

    private static void AssertVerifies(VerificationReport report)
    {
        Assert.True(report.Faults.Count == 0, string.Join('\n', report.Faults));
        Assert.True(report.Events > 0);
    }
}
