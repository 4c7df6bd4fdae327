using System.Globalization;

namespace Incidents.Journal.Sqlite;

/// <summary>
/// Numbered migrations; a database of a newer version is refused. The database says which program wrote it last and which is the
/// oldest that may run on it.
/// </summary>
internal static class Migrations
{
    // Raised when a migration is no longer understood by older programs, though its number alone would let them start.
    private static readonly Version Oldest = new(0, 1, 0);
    private static readonly Version Program = typeof(Migrations).Assembly.GetName().Version!;

    /// <summary>The version that this program writes.</summary>
    public static int Newest => Names.Count;

    /// <summary>The scripts' names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(Migrations).Assembly.GetManifestResourceNames().Where(n => char.IsDigit(n[0])).Order(StringComparer.Ordinal)];

    /// <summary>Looks at a file before anything touches it: it must be one that this program may run on. A file that is not there is fine.</summary>
    /// <exception cref="JournalRefusedException">It is a newer program's; one line names both versions.</exception>
    public static void RequireKnown(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return;
        using var database = new Database(path, readOnly: true);
        var schema = (int)database.Number("PRAGMA user_version");
        var isMarked = database.Number("SELECT count(*) FROM sqlite_master WHERE name='meta'") > 0;
        var (writer, oldest) = isMarked ? (Mark(database, "program"), Mark(database, "oldest")) : ("", "");
        if (schema > Newest || (Version.TryParse(oldest, out var needed) && needed > Program))
        {
            throw new JournalRefusedException(
                $"{path} was written by a newer version of the program ({(writer.Length > 0 ? writer : "unknown")}, schema {schema}; " +
                $"this is {Program.ToString(3)}, schema {Newest}); start that version instead, or restore a backup from before it");
        }
    }

    /// <summary>Brings a database up to date, each step in a transaction of its own.</summary>
    public static void Apply(Database database)
    {
        var version = (int)database.Number("PRAGMA user_version");
        for (; version < Newest; version++)
        {
            database.Execute("BEGIN IMMEDIATE");
            database.Execute(Read(Names[version]));
            database.Execute($"PRAGMA user_version={(version + 1).ToString(CultureInfo.InvariantCulture)}");
            database.Execute("COMMIT");
        }

        if (Mark(database, "program") != Program.ToString(3))
            SetMark(database, "program", Program);
        if (!Version.TryParse(Mark(database, "oldest"), out var known) || known < Oldest)
            SetMark(database, "oldest", Oldest);
    }

    private static string Mark(Database database, string key) => database.Text($"SELECT CAST(value AS TEXT) FROM meta WHERE key='{key}'");

    private static void SetMark(Database database, string key, Version version) =>
        database.Execute($"INSERT OR REPLACE INTO meta (key, value) VALUES ('{key}', CAST('{version.ToString(3)}' AS BLOB))");

    /// <summary>A script's text.</summary>
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
