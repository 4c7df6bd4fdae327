using System.Globalization;
using System.Reflection;

namespace Incidents.Journal.Sqlite;

/// <summary>The database cannot be used as it is; the message is one line for the operator.</summary>
public sealed class JournalRefusedException(string message) : Exception(message);

/// <summary>Numbered migrations; a database of a newer version is refused.</summary>
internal static class Migrations
{
    /// <summary>The version that this program writes.</summary>
    public static int Newest => All().Count;

    /// <summary>Brings a database up to date, each step in a transaction of its own.</summary>
    public static void Apply(Database database, string path)
    {
        var scripts = All();
        var version = (int)database.Number("PRAGMA user_version");
        if (version > scripts.Count)
        {
            throw new JournalRefusedException(
                $"{path} was written by a newer version of the program (schema {version}, this one knows {scripts.Count}); start that version instead");
        }

        for (; version < scripts.Count; version++)
        {
            database.Execute("BEGIN IMMEDIATE");
            database.Execute(scripts[version]);
            database.Execute($"PRAGMA user_version={(version + 1).ToString(CultureInfo.InvariantCulture)}");
            database.Execute("COMMIT");
        }
    }

    private static List<string> All()
    {
        var assembly = typeof(Migrations).Assembly;
        return assembly.GetManifestResourceNames().Where(n => char.IsDigit(n[0])).Order(StringComparer.Ordinal).Select(n => Read(assembly, n)).ToList();
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
