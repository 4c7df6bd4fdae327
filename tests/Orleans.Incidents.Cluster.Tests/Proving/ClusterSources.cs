using System.Security.Cryptography;
using System.Text;

namespace Incidents.Cluster.Tests.Proving;

/// <summary>What the cluster host consists of: its own sources, what of the engine it drives, and the membership's schema.</summary>
internal static class ClusterSources
{
    private static readonly string[] Files =
    [
        "src/Orleans.Incidents.Engine/Embedded/EmbeddedHost.cs", "src/Orleans.Incidents.Engine/Embedded/ShardMoves.cs",
        "src/Orleans.Incidents.Engine/Ports/IActors.cs", "src/Orleans.Incidents.Engine/Ports/IShards.cs",
        "src/Orleans.Incidents.Journal/Postgres/Migrations/0003-orleans-membership.sql",
    ];

    private static readonly string[] Folders = ["src/Orleans.Incidents.Cluster", "src/Orleans.Incidents.Engine/Nodes"];

    /// <summary>A hash over all of it, whatever the line ends.</summary>
    /// <param name="root">The checkout.</param>
    public static string Hash(string root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Folders.SelectMany(f => Below(root, f)).Concat(Files).Order(StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n" + File.ReadAllText(Path.Combine(root, file)).ReplaceLineEndings("\n") + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Below(string root, string folder) =>
        Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
            .Where(f => (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".csproj", StringComparison.Ordinal)) && !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));
}
