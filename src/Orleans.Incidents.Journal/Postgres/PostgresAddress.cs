using Npgsql;

namespace Incidents.Journal.Postgres;

/// <summary>Where the database is, and how every connection of ours to it is set up.</summary>
public sealed class PostgresAddress
{
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 20;

    // A backend whose client is gone, or that waits for another such backend, gives up before a person notices.
    // Every statement has one right plan, by index, whatever the statistics say: those of a table that was empty a minute ago are wrong.
    private const string Settings =
        "SET plan_cache_mode=force_generic_plan; SET enable_seqscan=off; SET enable_bitmapscan=off; " +
        "SET default_transaction_isolation='read committed'; SET statement_timeout='15s'; SET lock_timeout='10s'; SET idle_in_transaction_session_timeout='5s'; " +
        "SET client_connection_check_interval='1s'; SET tcp_user_timeout='5s'; SET tcp_keepalives_idle=2; SET tcp_keepalives_interval=1; SET tcp_keepalives_count=3; SET jit=off";

    private readonly NpgsqlConnectionStringBuilder _settings;

    /// <param name="connection">A connection string as Npgsql reads it.</param>
    /// <exception cref="JournalRefusedException">It cannot be read; the message repeats nothing of it.</exception>
    public PostgresAddress(string connection)
    {
        try
        {
            _settings = new NpgsqlConnectionStringBuilder(connection)
            {
                Pooling = false, Enlist = false, Multiplexing = false, PersistSecurityInfo = false, IncludeErrorDetail = false,
                MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, Timeout = ConnectSeconds, CommandTimeout = CommandSeconds, CancellationTimeout = 2000,
            };

            // A socket in a folder knows no keep-alives, and the system refuses to be asked for them.
            if (_settings.Host is ['/' or '@', ..])
                return;
            _settings.TcpKeepAlive = true;
            (_settings.TcpKeepAliveTime, _settings.TcpKeepAliveInterval) = (2, 1);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new JournalRefusedException("the PostgreSQL connection cannot be read; write it like Host=db.example.com;Database=incidents;Username=incidents;Password=...");
        }

        if (string.IsNullOrEmpty(_settings.Host))
            throw new JournalRefusedException("the PostgreSQL connection names no Host");
    }

    /// <summary>Host and database for people; never the password.</summary>
    public override string ToString() => $"PostgreSQL database {_settings.Database ?? _settings.Username} at {_settings.Host}:{_settings.Port}";

    /// <summary>Opens a connection and holds it to what is promised.</summary>
    /// <param name="purpose">Seen in the server's list of sessions.</param>
    /// <exception cref="PostgresFailureException">It cannot be opened now.</exception>
    /// <exception cref="JournalRefusedException">The server answers and must not be used.</exception>
    internal NpgsqlConnection Open(string purpose)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { ApplicationName = $"Orleans.Incidents {purpose}" }.ConnectionString);
        try
        {
            connection.Open();
            using (var set = new NpgsqlCommand(Settings, connection))
                set.ExecuteNonQuery();
            PostgresSettings.Require(connection, this);
            return connection;
        }
        catch (Exception failure)
        {
            connection.Dispose();
            if (PostgresFailureException.Of(failure) is { } known)
                throw known;
            throw;
        }
    }

    /// <summary>The same at a start, when waiting for better times helps nobody.</summary>
    /// <exception cref="JournalRefusedException">It cannot be opened; one line says why.</exception>
    internal NpgsqlConnection OpenFirst(string purpose)
    {
        try
        {
            return Open(purpose);
        }
        catch (PostgresFailureException failure)
        {
            throw new JournalRefusedException($"{this}: " + (failure.InnerException is PostgresException { SqlState: var state } said ? state switch
            {
                "28P01" or "28000" => $"user or password is wrong ({said.MessageText})",
                "3D000" => $"{said.MessageText}; create it first",
                _ => said.MessageText,
            } : $"cannot be reached: {failure.Message}"));
        }
    }
}
