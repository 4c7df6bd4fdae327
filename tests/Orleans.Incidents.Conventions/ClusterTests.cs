using Incidents.Cluster.Tests.Proving;

namespace Incidents.Conventions;

/// <summary>What holds for the cluster host whether or not this build has it.</summary>
public class ClusterTests
{
    [Fact]
    public void The_cluster_host_is_as_it_was_last_proven_on_real_silos() =>
        Assert.True(Proof.Read().Sources == ClusterSources.Hash(Sources.Root), "cluster host changed since it was last proven: INCIDENTS_PROOF=write dotnet test tests/Orleans.Incidents.Cluster.Tests");

    [Fact]
    public void The_proof_tells_how_long_fail_over_took()
    {
        var proof = Proof.Read();

        Assert.NotEmpty(proof.Scenarios);
        Assert.Contains(proof.Milliseconds, t => t.Key.StartsWith("killed silo", StringComparison.Ordinal) && t.Value > 0);
    }

    [Fact]
    public void Only_the_cluster_host_references_orleans()
    {
        var referencing = new[] { "src", "tests", "load" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Sources.Root, f), "*.csproj", SearchOption.AllDirectories))
            .Where(p => File.ReadAllText(p).Contains("Microsoft.Orleans.", StringComparison.Ordinal)).Select(Path.GetFileName);

        Assert.Equal(["Orleans.Incidents.Cluster.csproj"], referencing);
    }

    [Fact]
    public void The_cluster_host_knows_the_engine_alone()
    {
        var project = File.ReadAllLines(Path.Combine(Sources.Root, "src/Orleans.Incidents.Cluster/Orleans.Incidents.Cluster.csproj"));

        Assert.Contains("Orleans.Incidents.Engine.csproj", Assert.Single(project, l => l.Contains("ProjectReference", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.All(Sources.Below("src/Orleans.Incidents.Cluster"), f => Assert.DoesNotContain(f.Code, l => l.StartsWith("namespace Orleans", StringComparison.Ordinal)));
    }
}
