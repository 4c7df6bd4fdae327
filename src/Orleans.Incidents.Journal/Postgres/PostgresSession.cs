using System.Diagnostics;
using Npgsql;

namespace Incidents.Journal.Postgres;

/// <summary>One connection of its own that is opened when it is needed and again after it was cut. Not thread-safe.</summary>
internal sealed class PostgresSession(PostgresAddress address, string purpose) : IDisposable
{
    private NpgsqlConnection? _connection;
    private volatile bool _disposed;

    public PostgresAddress Address => address;

    /// <summary>The connection, open.</summary>
    /// <exception cref="PostgresFailureException">It cannot be opened now.</exception>
    public NpgsqlConnection Connection
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connection is { State: System.Data.ConnectionState.Open })
                return _connection;
            Drop();
            return _connection = address.Open(purpose);
        }
    }

    /// <summary>Reads, and once more on a fresh connection for as long as the server does not answer.</summary>
    /// <param name="patience">For how long; zero: once more at once.</param>
    /// <exception cref="PostgresFailureException">It did not answer in that time.</exception>
    public T Read<T>(TimeSpan patience, Func<NpgsqlConnection, T> read)
    {
        var started = Stopwatch.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            try
            {
                return read(Connection);
            }
            catch (Exception failure) when (PostgresFailureException.Of(failure) is { } known)
            {
                Drop();
                if (known.IsContent || known.IsDamage || (tries > 0 && Stopwatch.GetElapsedTime(started) >= patience) || _disposed)
                    throw PostgresFailureException.Of(failure)!;
                if (tries > 0)
                    Thread.Sleep(Math.Min(500, 20 << Math.Min(tries, 5)));
            }
        }
    }

    /// <summary>Ends the transaction that is open, so that the next one begins with nothing.</summary>
    public void Rollback()
    {
        try
        {
            if (_connection is { State: System.Data.ConnectionState.Open })
                _connection.Run("ROLLBACK");
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is not null)
        {
            Drop();
        }
    }

    /// <summary>Throws the connection away, whatever it was doing.</summary>
    public void Drop()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (Exception failure) when (PostgresFailureException.Of(failure) is not null)
        {
            // It was to be thrown away.
        }

        _connection = null;
    }

    public void Dispose()
    {
        _disposed = true;
        Drop();
    }
}
