using Npgsql;

namespace Incidents.Journal.Postgres;

/// <summary>Durability as promised, read back from the server on every connection: it may have been restarted with others.</summary>
internal static class PostgresSettings
{
    private const int Oldest = 150000;

    /// <exception cref="JournalRefusedException">They are weaker; one line names all that are.</exception>
    public static void Require(NpgsqlConnection connection, PostgresAddress address)
    {
        using var ask = new NpgsqlCommand(
            "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), current_setting('server_version_num')::int, " +
            "current_setting('server_encoding'), pg_is_in_recovery()", connection);
        using var row = ask.ExecuteReader();
        row.Read();
        if (row.GetInt32(3) < Oldest)
            throw new JournalRefusedException($"{address}: the server is too old (version {row.GetInt32(3) / 10000}; 15 or newer is needed)");
        if (row.GetString(4) != "UTF8")
            throw new JournalRefusedException($"{address}: the database's encoding is {row.GetString(4)}; UTF8 is needed");
        if (row.GetBoolean(5))
            throw new JournalRefusedException($"{address}: the server is a replica and cannot be written; name the primary");
        var weak = new[] { ("fsync", row.GetString(0)), ("full_page_writes", row.GetString(1)), ("synchronous_commit", row.GetString(2)) }.Where(s => s.Item2 == "off").ToList();
        if (weak.Count > 0)
            throw new JournalRefusedException($"{address}: the storage is weaker than promised ({string.Join(", ", weak.Select(s => $"{s.Item1} is {s.Item2}"))}; on is needed)");
    }
}
