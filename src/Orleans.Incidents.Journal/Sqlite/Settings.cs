namespace Incidents.Journal.Sqlite;

/// <summary>Durability as promised, set and read back.</summary>
internal static class Settings
{
    public static void Apply(Database database, string path)
    {
        if (database.IsReadOnly)
            throw new JournalRefusedException($"{path} is read-only: make it writable for the user that the server runs as");
        var mode = database.Text("PRAGMA journal_mode=WAL");
        database.Execute("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA fullfsync=1; PRAGMA checkpoint_fullfsync=1");
        if (mode != "wal" || database.Number("PRAGMA synchronous") != 2)
            throw new JournalRefusedException($"{path}: the storage is weaker than promised (journal_mode {mode}, synchronous {database.Number("PRAGMA synchronous")}; wal and 2 are needed)");
    }
}
