using System.Security.Cryptography;

namespace Incidents.Audit;

/// <summary>
/// An append-only Merkle tree as in RFC 9162, section 2.1: leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right).
/// It keeps only the roots of its complete subtrees, so adding a leaf and reading the root cost O(log n). Not thread-safe.
/// </summary>
public sealed class MerkleLog
{
    private readonly List<byte[]> _peaks = [];

    /// <summary>How many leaves it holds.</summary>
    public long Size { get; private set; }

    /// <summary>The hash of a leaf for an entry's bytes.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        var input = new byte[entry.Length + 1];
        entry.CopyTo(input.AsSpan(1));
        return SHA256.HashData(input);
    }

    /// <summary>Adds a leaf hash (32 bytes).</summary>
    public void Add(byte[] leaf)
    {
        var node = leaf;
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            node = Node(_peaks[^1], node);
            _peaks.RemoveAt(_peaks.Count - 1);
        }

        _peaks.Add(node);
        Size++;
    }

    /// <summary>The root over all leaves; of an empty log SHA-256 of nothing.</summary>
    public byte[] Root()
    {
        if (_peaks.Count == 0)
            return SHA256.HashData([]);
        var root = _peaks[^1];
        for (var i = _peaks.Count - 2; i >= 0; i--)
            root = Node(_peaks[i], root);
        return root;
    }

    /// <summary>The subtree roots that <see cref="Restore"/> continues from, largest first, 32 bytes each.</summary>
    public byte[] Save() => [.. _peaks.SelectMany(p => p)];

    /// <summary>A log of a size that continues from saved subtree roots.</summary>
    /// <exception cref="ArgumentException">The bytes do not belong to that size.</exception>
    public static MerkleLog Restore(long size, ReadOnlySpan<byte> saved)
    {
        if (saved.Length != System.Numerics.BitOperations.PopCount((ulong)size) * 32)
            throw new ArgumentException("the saved subtree roots do not belong to that size", nameof(saved));
        var log = new MerkleLog { Size = size };
        for (; saved.Length > 0; saved = saved[32..])
            log._peaks.Add(saved[..32].ToArray());
        return log;
    }

    private static byte[] Node(byte[] left, byte[] right)
    {
        Span<byte> input = stackalloc byte[65];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[33..]);
        return SHA256.HashData(input);
    }
}
