using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime;

namespace Incidents.Cluster.Placement;

/// <summary>
/// Which of some silos a shard belongs to: the one whose address and the shard hash highest together. All who see the same silos agree
/// without a word, and a silo that comes or goes moves its own share alone.
/// </summary>
internal static class Rendezvous
{
    /// <summary>The silo that a shard belongs to.</summary>
    /// <param name="shard">Its number.</param>
    /// <param name="silos">At least one, in any order, each at an address of its own.</param>
    public static SiloAddress Choose(int shard, IReadOnlyCollection<SiloAddress> silos) =>
        silos.MaxBy(s => Weight(shard, s)) ?? throw new ArgumentException("there is no silo", nameof(silos));

    // Without the generation: a silo that comes back to its address gets what it had.
    private static ulong Weight(int shard, SiloAddress silo)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{shard}@{silo.Endpoint}")), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
