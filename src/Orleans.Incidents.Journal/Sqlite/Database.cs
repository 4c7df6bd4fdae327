using System.Runtime.InteropServices;
using SQLitePCL;

namespace Incidents.Journal.Sqlite;

/// <summary>SQLite said no.</summary>
public sealed class SqliteFailureException(int code, string message, int systemError = 0) : JournalFailureException(message)
{
    private const int ReadOnlyFileSystem = 30;

    /// <summary>SQLite's extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>Whether nothing can be written any more, however long one waits: the file or its file system is read-only.</summary>
    public bool IsReadOnly => (Code & 0xff) == raw.SQLITE_READONLY || ((Code & 0xff) == raw.SQLITE_IOERR && systemError == ReadOnlyFileSystem && !OperatingSystem.IsWindows());

    /// <summary>Whether the file holds what no program wrote: a damaged disk, or another file.</summary>
    public bool IsDamage => (Code & 0xff) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>Whether a sync to disk failed: what was promised may be lost, and only a restart can tell.</summary>
    public bool IsFailedSync => Code is raw.SQLITE_IOERR_FSYNC or raw.SQLITE_IOERR_DIR_FSYNC;

    /// <summary>Whether what was to be written is at fault rather than the place it was to be written to.</summary>
    public bool IsContent => (Code & 0xff) is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE;
}

/// <summary>One connection with its prepared statements. Not thread-safe.</summary>
public sealed class Database : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly string _name;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    static Database()
    {
        Batteries_V2.Init();

        // Without a count of all memory in use, which nobody asks for, allocating takes no lock that all connections share.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>Opens a file, creating it unless <paramref name="readOnly"/>.</summary>
    public Database(string path, bool readOnly)
    {
        _name = Path.GetFileName(path);
        var flags = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        var code = raw.sqlite3_open_v2(path, out _handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            var message = $"cannot open {path}: {raw.sqlite3_errstr(code).utf8_to_string()}";
            _handle.Dispose();
            throw new SqliteFailureException(code, message);
        }

        raw.sqlite3_extended_result_codes(_handle, 1);
        raw.sqlite3_busy_timeout(_handle, 5000);
    }

    /// <summary>A prepared statement, made once and kept.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle));
            _statements.Add(sql, statement = new Statement(this, handle));
        }

        return statement;
    }

    /// <summary>Runs statements that return nothing.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The first column of the first row as a number; 0 when there is none.</summary>
    public long Number(string sql)
    {
        var statement = Prepare(sql);
        using (statement.Begin())
            return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>The first column of the first row as a text; empty when there is none.</summary>
    public string Text(string sql)
    {
        var statement = Prepare(sql);
        using (statement.Begin())
            return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>Whether no transaction is open.</summary>
    public bool AutoCommit => raw.sqlite3_get_autocommit(_handle) != 0;

    /// <summary>Whether the file can only be read, though more was asked for.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_handle, "main") == 1;

    /// <summary>Leaves the write-ahead log as it is when the connection closes: the next start recovers from it.</summary>
    public void KeepLog() => Check(raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _handle.Dispose();
    }

    internal sqlite3 Handle => _handle;

    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw Failure();
    }

    internal SqliteFailureException Failure() => new(
        raw.sqlite3_extended_errcode(_handle), $"{_name}: {raw.sqlite3_errmsg(_handle).utf8_to_string()}", SystemError(_handle));

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_system_errno")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int SystemError(sqlite3 database);
}
