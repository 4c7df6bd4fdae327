using System.Reflection;
using Incidents.Cluster.Tests.Proving;
using Incidents.Testing;

namespace Incidents.Cluster.Tests.Without;

/// <summary>Stands for the scenarios where Orleans is not there: what they showed when it was is in PROOF.json.</summary>
public sealed class WithoutOrleans
{
    public static TheoryData<string> Scenarios => [.. Proof.Read().Scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Passes_on_real_silos(string scenario) =>
        Tool.Absent($"Orleans in this build ({typeof(WithoutOrleans).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "OrleansMissing").Value}), for {scenario}");
}
