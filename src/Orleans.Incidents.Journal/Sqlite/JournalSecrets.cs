using System.Globalization;
using System.Security.Cryptography;

namespace Incidents.Journal.Sqlite;

/// <summary>
/// Random bytes of this journal, for what must not be guessed or forged. A restored journal goes on with bytes of its own: what
/// was signed behind the backup's position belongs to a history that this journal does not have, and must not be taken for its own.
/// </summary>
public sealed class JournalSecrets
{
    private const string First = "secret";
    private const string Later = "secret@";

    private readonly List<(long Behind, byte[] Bytes)> _all;

    private JournalSecrets(List<(long Behind, byte[] Bytes)> all) => _all = all;

    /// <summary>32 bytes: those of the newest flush.</summary>
    public byte[] Newest => _all[^1].Bytes;

    /// <summary>The positions at which this journal was restored from a backup, ascending.</summary>
    public IReadOnlyList<long> RestoredAt => [.. _all.Skip(1).Select(s => s.Behind)];

    /// <summary>The 32 bytes that a flush's receipts are signed with.</summary>
    public byte[] At(long position) => _all.FindLast(s => s.Behind < position || s.Behind == 0).Bytes;

    /// <summary>Reads them; the first ones are made when there are none.</summary>
    internal static JournalSecrets Open(Database database)
    {
        var all = Read(database);
        if (all.Count > 0)
            return new JournalSecrets(all);
        Write(database, First);
        return new JournalSecrets(Read(database));
    }

    /// <summary>Makes new ones for everything behind a position.</summary>
    internal static void Renew(Database database, long behind) => Write(database, Later + behind.ToString(CultureInfo.InvariantCulture));

    /// <summary>What a copy says; empty when it has none.</summary>
    internal static IReadOnlyList<long> RestoredIn(Database database) => [.. Read(database).Where(s => s.Behind > 0).Select(s => s.Behind)];

    private static List<(long Behind, byte[] Bytes)> Read(Database database)
    {
        var all = new List<(long Behind, byte[] Bytes)>();
        var rows = database.Prepare($"SELECT key, value FROM meta WHERE key='{First}' OR key LIKE '{Later}%'");
        using (rows.Begin())
        {
            while (rows.Step())
                all.Add((rows.Text(0) == First ? 0 : long.Parse(rows.Text(0)[Later.Length..], CultureInfo.InvariantCulture), rows.Blob(1)));
        }

        all.Sort((a, b) => a.Behind.CompareTo(b.Behind));
        return all;
    }

    private static void Write(Database database, string key)
    {
        var statement = database.Prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)");
        statement.Begin();
        statement.Bind(key).Bind(RandomNumberGenerator.GetBytes(32)).Run();
    }
}
