using System.Globalization;
using Npgsql;

namespace Incidents.Journal.Postgres;

/// <summary>
/// Numbered scripts that only ever add, so that a program of the version before goes on beside them while nodes are replaced one by
/// one. The database says the oldest schema that a program must know to run on it.
/// </summary>
internal static class PostgresMigrations
{
    private const long Lock = 0x494E_4349_4D49_4752;

    // Raised with a script that programs which do not know it would misread: they are refused from then on.
    private const int Oldest = 2;

    /// <summary>The scripts' names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(PostgresMigrations).Assembly.GetManifestResourceNames().Where(n => n.StartsWith("postgres/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The schema that this program writes.</summary>
    public static int Newest => Names.Count;

    /// <summary>Brings a database up to date in one transaction; of several processes one does it and the others wait for it.</summary>
    /// <exception cref="JournalRefusedException">It needs a newer program; one line, and nothing is touched.</exception>
    public static void Apply(NpgsqlConnection connection, PostgresAddress address)
    {
        connection.Run("BEGIN");
        try
        {
            connection.Run($"SELECT pg_advisory_xact_lock({Lock.ToString(CultureInfo.InvariantCulture)})");
            if (connection.Rows("SELECT to_regclass('meta') IS NULL", r => r.GetBoolean(0))[0])
                connection.Run("CREATE TABLE meta (key text COLLATE \"C\" PRIMARY KEY, value bytea NOT NULL)");
            var (schema, oldest) = (Mark(connection, "schema"), Mark(connection, "oldest"));
            if (oldest > Newest)
                throw new JournalRefusedException($"{address} was brought up to date by a newer version of the program (schema {schema}; programs that know {oldest} may run; this one knows {Newest}); start that version instead");
            for (var next = schema; next < Newest; next++)
                connection.Run(Read(Names[next]));
            if (schema < Newest)
                SetMark(connection, "schema", Newest);
            if (oldest < Oldest)
                SetMark(connection, "oldest", Oldest);
            connection.Run("COMMIT");
        }
        catch (JournalRefusedException)
        {
            connection.Run("ROLLBACK");
            throw;
        }
    }

    private static int Mark(NpgsqlConnection connection, string key) =>
        connection.Rows("SELECT convert_from(value, 'UTF8')::int FROM meta WHERE key=$1", r => r.GetInt32(0), Commands.P(key)).FirstOrDefault();

    private static void SetMark(NpgsqlConnection connection, string key, int value) => connection.Run(
        "INSERT INTO meta (key, value) VALUES ($1, convert_to($2::text, 'UTF8')) ON CONFLICT (key) DO UPDATE SET value=excluded.value", Commands.P(key), Commands.P(value));

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PostgresMigrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
