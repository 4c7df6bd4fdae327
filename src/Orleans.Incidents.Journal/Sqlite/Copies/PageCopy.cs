using SQLitePCL;

namespace Incidents.Journal.Sqlite;

/// <summary>
/// Copies a database page by page over its own connection. What that connection writes in between is carried over, so that the
/// copy is of the moment of the last step, and between steps it holds no transaction open. Not thread-safe: every step and every
/// use of the connection take turns.
/// </summary>
internal sealed class PageCopy : IDisposable
{
    private readonly Database _target;
    private readonly sqlite3_backup _copy;

    public PageCopy(Database source, Database target)
    {
        _target = target;
        _copy = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        if (_copy is null || _copy.IsInvalid)
            throw target.Failure();
    }

    /// <summary>Copies up to so many pages; negative: all that are left.</summary>
    /// <returns>Whether the copy is complete.</returns>
    public bool Step(int pages)
    {
        var code = raw.sqlite3_backup_step(_copy, pages);
        return code == raw.SQLITE_DONE || (code == raw.SQLITE_OK ? false : throw new SqliteFailureException(code, raw.sqlite3_errstr(code).utf8_to_string()));
    }

    public void Dispose() => _copy.Dispose();
}
