using System.Globalization;
using System.Security.Cryptography;
using Incidents.Testing;
using Npgsql;

namespace Incidents.Load.Peers;

/// <summary>
/// A PostgreSQL server of our server's own, on a loopback port and in a folder of the measurement, reached over TCP with a password as a
/// database elsewhere is. Every setting but those named here is PostgreSQL's default.
/// </summary>
internal sealed class PostgresStore : IDisposable
{
    private const string User = "incidents";

    private readonly string _data;

    private PostgresStore(string data, string connection, string options)
    {
        (_data, Connection) = (data, connection);
        ServerConnection = options.Length == 0 ? connection : $"{connection};Options={options}";
        Pid = int.Parse(File.ReadLines(Path.Combine(data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    /// <summary>The first of its processes; all others are its children.</summary>
    public int Pid { get; }

    /// <summary>How it is reached, the password included.</summary>
    public string Connection { get; }

    /// <summary>How our server reaches it.</summary>
    public string ServerConnection { get; }

    /// <summary>What is set; the rest is PostgreSQL's default.</summary>
    public static IReadOnlyDictionary<string, string> Settings(LoadOptions options) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["fsync"] = "on",
        ["full_page_writes"] = "on",
        ["shared_buffers"] = $"{options.SharedBuffers}MB",
        ["synchronous_commit"] = "on",
    };

    /// <summary>Starts a server on what is in the folder, or on a new and empty database.</summary>
    public static PostgresStore Start(string folder, LoadOptions options)
    {
        var data = Path.Combine(folder, "data");
        var password = Path.Combine(folder, "password");
        try
        {
            if (!Directory.Exists(data))
                Make(folder, data, password);
            var port = PostgresPrograms.FreePort();
            var settings = string.Join(' ', Settings(options).Select(s => $"-c {s.Key}={s.Value}"));
            PostgresPrograms.RunAsOwner(
                "pg_ctl", "start", "-w", "-s", "-D", data, "-l", Path.Combine(folder, "log"), "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {settings}");
            var store = new PostgresStore(data, $"Host=127.0.0.1;Port={port};Username={User};Password={File.ReadAllText(password)};Database=postgres", options.PostgresOptions);
            store.RequireSettings(options);
            return store;
        }
        catch (InvalidOperationException failure)
        {
            throw new LoadException($"PostgreSQL did not start (its user must be able to reach {folder}): {failure.Message}", failure);
        }
    }

    /// <summary>A connection of its own; Npgsql's pool would keep the last one open.</summary>
    /// <remarks>An answer of a server may have been awaited on the thread that waits for all sockets, where nothing may be waited for: what follows runs elsewhere.</remarks>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        await Task.Yield();
        return Open();
    }

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(Connection + ";Pooling=false;Application Name=load");
        connection.Open();
        return connection;
    }

    /// <summary>Stops the server as fast as is orderly; its data stays.</summary>
    public void Dispose()
    {
        if (File.Exists(Path.Combine(_data, "postmaster.pid")))
            PostgresPrograms.RunAsOwner("pg_ctl", "stop", "-w", "-s", "-D", _data, "-m", "fast");
    }

    private static void Make(string folder, string data, string password)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(password, RandomNumberGenerator.GetHexString(32));
        PostgresPrograms.Own(folder);
        PostgresPrograms.RunAsOwner("initdb", "-D", data, "-U", User, "-E", "UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", $"--pwfile={password}");
    }

    // A setting that the server did not take would make the report a lie.
    private void RequireSettings(LoadOptions options)
    {
        using var connection = Open();
        foreach (var (name, wanted) in Settings(options))
        {
            using var ask = new NpgsqlCommand("SELECT current_setting($1)", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = name } } };
            if (ask.ExecuteScalar() is not string set || set != wanted)
                throw new LoadException($"PostgreSQL's {name} is not {wanted}");
        }
    }
}
