using System.Globalization;

namespace Incidents.Journal.Sqlite;

/// <summary>Where a journal file keeps its secrets.</summary>
internal static class SecretRows
{
    /// <summary>Reads them; the first ones are made when there are none.</summary>
    public static JournalSecrets Open(Database database)
    {
        if (Read(database).Count == 0)
            Write(database, JournalSecrets.First);
        return new JournalSecrets(Read(database));
    }

    /// <summary>Makes new ones for everything behind a position.</summary>
    public static void Renew(Database database, long behind) => Write(database, JournalSecrets.Later + behind.ToString(CultureInfo.InvariantCulture));

    /// <summary>What a copy says; empty when it has none.</summary>
    public static IReadOnlyList<long> RestoredIn(Database database) => new JournalSecrets(Read(database)).RestoredAt;

    private static List<(string Name, byte[] Value)> Read(Database database)
    {
        var all = new List<(string Name, byte[] Value)>();
        var rows = database.Prepare($"SELECT key, value FROM meta WHERE key='{JournalSecrets.First}' OR key LIKE '{JournalSecrets.Later}%'");
        using (rows.Begin())
        {
            while (rows.Step())
                all.Add((rows.Text(0), rows.Blob(1)));
        }

        return all;
    }

    private static void Write(Database database, string name)
    {
        var statement = database.Prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)");
        statement.Begin();
        statement.Bind(name).Bind(JournalSecrets.Make()).Run();
    }
}
