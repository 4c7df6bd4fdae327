using System.Globalization;

namespace Incidents.Testing;

/// <summary>
/// A PostgreSQL server of Debian's package in a folder of its own, on a socket there and on a loopback port. One serves a whole test
/// process, and every test has a database of its own; a test that restarts a server starts its own. Where the programs are absent the
/// test counts as skipped.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    public const string User = "incidents";
    public const string Password = "right password";

    private static readonly Lazy<PostgresServer> One = new(() => StartShared());

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pg-");
    private readonly Lock _preparing = new();
    private string? _prepared;
    private int _databases;

    private PostgresServer(string settings, string? data)
    {
        Settings = settings;
        Data = data ?? Path.Combine(_folder.FullName, "data");
        Port = PostgresPrograms.FreePort();
        var password = Path.Combine(_folder.FullName, "password");
        File.WriteAllText(password, Password + "\n");
        PostgresPrograms.Own(_folder.FullName);
        PostgresPrograms.RunAsOwner("initdb", "-D", Data, "-U", User, "-E", "UTF8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256", $"--pwfile={password}", $"--waldir={Path.Combine(_folder.FullName, "log-of-writes")}", "--no-sync");
        Start();
    }

    /// <summary>Whether its programs are on this machine.</summary>
    public static bool IsPresent => PostgresPrograms.IsPresent;

    /// <summary>The one of this test process.</summary>
    public static PostgresServer Shared
    {
        get
        {
            Require();
            return One.Value;
        }
    }

    /// <summary>Skips the running test where the programs are absent.</summary>
    public static void Require()
    {
        if (!IsPresent)
            Tool.Absent("PostgreSQL 15 (package postgresql)");
    }

    /// <summary>Settings as on the server's command line, in force from its next start.</summary>
    public string Settings { get; set; }

    public int Port { get; }

    private string Data { get; }

    /// <summary>One of the test's own, which it may stop.</summary>
    /// <param name="settings">As on the server's command line.</param>
    /// <param name="data">Where its data is to lie, without the log of writes; absent: in its own folder.</param>
    public static PostgresServer StartOwn(string settings = "", string? data = null)
    {
        Require();
        return new PostgresServer(settings, data);
    }

    /// <summary>Makes a database and returns its name.</summary>
    /// <param name="prepare">Brings the first one, of this name, to where all are to begin, and leaves it; absent: an empty one is made.</param>
    public string CreateDatabase(Action<string>? prepare = null)
    {
        if (prepare is null)
            return Create("template1");
        lock (_preparing)
        {
            if (_prepared is null)
            {
                var first = Create("template1");
                prepare(first);
                _prepared = first;
            }
        }

        return Create(_prepared);
    }

    /// <summary>Ends a database and every session in it.</summary>
    public void DropDatabase(string name) => Sql("postgres", $"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>How a database is reached: over the socket, without a password.</summary>
    public string Connection(string database) => $"Host={_folder.FullName};Port={Port};Username={User};Database={database}";

    /// <summary>How it is reached over the network.</summary>
    public string NetworkConnection(string database, string password = Password, int? port = null) =>
        $"Host=127.0.0.1;Port={port ?? Port};Username={User};Password={password};Database={database}";

    /// <summary>Runs statements by the server's own client.</summary>
    public string Sql(string database, string sql) =>
        PostgresPrograms.Execute(Path.Combine(PostgresPrograms.Folder, "psql"), "-h", _folder.FullName, "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, "-v", "ON_ERROR_STOP=1", "-qAtX", "-c", sql);

    public void Start() => PostgresPrograms.RunAsOwner("pg_ctl", "start", "-w", "-s", "-D", Data, "-l", Path.Combine(_folder.FullName, "log"), "-o", $"-k {_folder.FullName} -p {Port} -c listen_addresses=127.0.0.1 -c max_connections=200 -c shared_buffers=32MB {Settings}");

    /// <param name="mode">fast, or immediate: as if it had crashed.</param>
    public void Stop(string mode) => PostgresPrograms.RunAsOwner("pg_ctl", "stop", "-w", "-s", "-D", Data, "-m", mode);

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            Stop("immediate");
        _folder.Delete(recursive: true);
    }

    private string Create(string from)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        Sql("postgres", $"CREATE DATABASE {name} TEMPLATE {from}");
        return name;
    }

    private static PostgresServer StartShared()
    {
        var server = new PostgresServer("", data: null);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    }
}
