using System.Text;
using SQLitePCL;

namespace Incidents.Journal.Sqlite;

/// <summary>A prepared statement: <c>using (s.Begin()) { s.Bind…; while (s.Step()) … }</c>. Columns and parameters count from 0.</summary>
public sealed class Statement : IDisposable
{
    private const int MaxOnStack = 384;

    private readonly Database _database;
    private readonly sqlite3_stmt _handle;
    private int _next;

    internal Statement(Database database, sqlite3_stmt handle)
    {
        _database = database;
        _handle = handle;
    }

    /// <summary>Starts over; what it returns must be disposed before the statement is used again.</summary>
    public Use Begin()
    {
        _next = 1;
        return new Use(_handle);
    }

    public Statement Bind(long value)
    {
        _database.Check(raw.sqlite3_bind_int64(_handle, _next++, value));
        return this;
    }

    public Statement Bind(string? value)
    {
        var place = _next++;
        if (value is { Length: > 0 and <= MaxOnStack / 3 })
        {
            // SQLite copies it: most are names of a few bytes, which need no array for that. An empty span would be NULL.
            Span<byte> bytes = stackalloc byte[MaxOnStack];
            _database.Check(raw.sqlite3_bind_text(_handle, place, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        }
        else
        {
            _database.Check(value is null ? raw.sqlite3_bind_null(_handle, place) : raw.sqlite3_bind_text(_handle, place, value));
        }

        return this;
    }

    public Statement Bind(byte[]? value)
    {
        _database.Check(value is null ? raw.sqlite3_bind_null(_handle, _next++) : raw.sqlite3_bind_blob(_handle, _next++, value));
        return this;
    }

    /// <summary>Whether there is a (further) row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        _database.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Binds nothing more, runs to the end and starts over.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
                // Rows of a RETURNING clause that the caller does not want.
            }
        }
        finally
        {
            raw.sqlite3_reset(_handle);
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_handle, column);

    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_handle, column).ToArray();

    public void Dispose() => _handle.Dispose();

    /// <summary>Resets the statement, so that it holds no read transaction open.</summary>
    public readonly struct Use(sqlite3_stmt handle) : IDisposable
    {
        public void Dispose() => raw.sqlite3_reset(handle);
    }
}
