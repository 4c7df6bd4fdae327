using Npgsql;
using static Incidents.Journal.Postgres.Commands;

namespace Incidents.Journal.Postgres;

/// <summary>Where the database keeps the journal's secrets.</summary>
internal static class SecretRows
{
    /// <summary>Reads them; the first ones are made when there are none.</summary>
    public static JournalSecrets Open(NpgsqlConnection connection)
    {
        if (Read(connection).Count == 0)
            connection.Run("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING", P(JournalSecrets.First), P(JournalSecrets.Make()));
        return new JournalSecrets(Read(connection));
    }

    private static List<(string, byte[])> Read(NpgsqlConnection connection) => connection.Rows(
        "SELECT key, value FROM meta WHERE key=$1 OR starts_with(key, $2)", r => (r.GetString(0), r.Blob(1)), P(JournalSecrets.First), P(JournalSecrets.Later));
}
