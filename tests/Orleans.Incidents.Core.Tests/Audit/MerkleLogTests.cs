using System.Security.Cryptography;
using Incidents.Audit;

namespace Incidents.Core.Tests.Audit;

public class MerkleLogTests
{
    // The eight entries and the roots of their trees of size 1 to 8, as published with the reference implementations of RFC 6962 and RFC 9162.
    private static readonly string[] Entries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void An_empty_log_has_the_hash_of_nothing() =>
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Hex(new MerkleLog().Root()));

    [Fact]
    public void Roots_are_those_of_the_published_vectors()
    {
        var log = new MerkleLog();
        for (var i = 0; i < Entries.Length; i++)
        {
            log.Add(MerkleLog.Leaf(Convert.FromHexString(Entries[i])));
            Assert.Equal((i + 1L, Roots[i]), (log.Size, Hex(log.Root())));
        }
    }

    [Fact]
    public void A_saved_log_goes_on_as_if_it_had_never_stopped()
    {
        var (whole, restored) = (new MerkleLog(), new MerkleLog());
        for (var i = 0; i < 70; i++)
        {
            var leaf = MerkleLog.Leaf([(byte)i]);
            whole.Add(leaf);
            restored = MerkleLog.Restore(restored.Size, restored.Save());
            restored.Add(leaf);
            Assert.Equal(Hex(Recursive(Enumerable.Range(0, i + 1).Select(n => MerkleLog.Leaf([(byte)n])).ToList())), Hex(restored.Root()));
            Assert.Equal(Hex(whole.Root()), Hex(restored.Root()));
        }
    }

    [Fact]
    public void Saved_roots_of_another_size_are_refused() =>
        Assert.Throws<ArgumentException>(() => MerkleLog.Restore(3, new byte[32]));

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    // The definition of RFC 9162, section 2.1.1, word for word: split at the largest power of two below the size.
    private static byte[] Recursive(List<byte[]> leaves)
    {
        if (leaves.Count == 1)
            return leaves[0];
        var split = 1;
        while (split * 2 < leaves.Count)
            split *= 2;
        return SHA256.HashData([1, .. Recursive(leaves[..split]), .. Recursive(leaves[split..])]);
    }
}
