using System.Globalization;

namespace Incidents.Journal.Sqlite;

/// <summary>The database cannot be used as it is; the message is one line for the operator.</summary>
public sealed class JournalRefusedException(string message) : Exception(message);

/// <summary>Numbered migrations; a database of a newer version is refused.</summary>
internal static class Migrations
{
    /// <summary>The version that this program writes.</summary>
    public static int Newest => Names.Count;

    /// <summary>The scripts' names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(Migrations).Assembly.GetManifestResourceNames().Where(n => char.IsDigit(n[0])).Order(StringComparer.Ordinal)];

    /// <summary>Brings a database up to date, each step in a transaction of its own.</summary>
    public static void Apply(Database database, string path)
    {
        var version = (int)database.Number("PRAGMA user_version");
        if (version > Newest)
        {
            throw new JournalRefusedException(
                $"{path} was written by a newer version of the program (schema {version}, this one knows {Newest}); start that version instead");
        }

        for (; version < Newest; version++)
        {
            database.Execute("BEGIN IMMEDIATE");
            database.Execute(Read(Names[version]));
            database.Execute($"PRAGMA user_version={(version + 1).ToString(CultureInfo.InvariantCulture)}");
            database.Execute("COMMIT");
        }
    }

    /// <summary>A script's text.</summary>
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
