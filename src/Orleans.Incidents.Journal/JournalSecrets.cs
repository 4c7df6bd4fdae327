using System.Globalization;
using System.Security.Cryptography;

namespace Incidents.Journal;

/// <summary>
/// Random bytes of this journal, for what must not be guessed or forged. A restored journal goes on with bytes of its own: what
/// was signed behind the backup's position belongs to a history that this journal does not have, and must not be taken for its own.
/// </summary>
public sealed class JournalSecrets
{
    /// <summary>What the first ones are called in a store's table of names and values.</summary>
    internal const string First = "secret";

    /// <summary>What the later ones' names begin with; the position that they are for follows.</summary>
    internal const string Later = "secret@";

    private readonly List<(long Behind, byte[] Bytes)> _all;

    /// <param name="rows">A store's names and values of secrets, in any order; at least the first.</param>
    internal JournalSecrets(IEnumerable<(string Name, byte[] Value)> rows) =>
        _all = [.. rows.Select(r => (BehindOf(r.Name), r.Value)).OrderBy(s => s.Item1)];

    /// <summary>32 bytes: those of the newest flush.</summary>
    public byte[] Newest => _all[^1].Bytes;

    /// <summary>The positions at which this journal was restored from a backup, ascending.</summary>
    public IReadOnlyList<long> RestoredAt => [.. _all.Where(s => s.Behind > 0).Select(s => s.Behind)];

    /// <summary>The 32 bytes that a flush's receipts are signed with.</summary>
    public byte[] At(long position) => _all.FindLast(s => s.Behind < position || s.Behind == 0).Bytes;

    /// <summary>New bytes.</summary>
    internal static byte[] Make() => RandomNumberGenerator.GetBytes(32);

    private static long BehindOf(string name) => name == First ? 0 : long.Parse(name[Later.Length..], CultureInfo.InvariantCulture);
}
