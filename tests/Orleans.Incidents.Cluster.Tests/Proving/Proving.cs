using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Incidents.Cluster.Tests.Proving;
using Incidents.Testing;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Proving))]

namespace Incidents.Cluster.Tests.Proving;

/// <summary>Gathers what passes. With INCIDENTS_PROOF=write in the environment, a run in which everything passed is written down as the proof.</summary>
public sealed class Proving : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _passed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _times = new(StringComparer.Ordinal);

    /// <summary>The test that calls it is through.</summary>
    public void Passed([CallerMemberName] string scenario = "") => _passed[scenario] = true;

    /// <summary>Something took so long.</summary>
    public void Took(string what, TimeSpan time)
    {
        _times[what] = (long)time.TotalMilliseconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {_times[what]} ms");
    }

    public void Dispose()
    {
        var all = typeof(Proving).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Where(m => m.IsDefined(typeof(FactAttribute))).Select(m => m.Name).Order(StringComparer.Ordinal).ToList();
        if (Setting.Text("INCIDENTS_PROOF") != "write" || !all.TrueForAll(_passed.ContainsKey))
            return;
        var version = typeof(Grain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        new Proof(version, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ClusterSources.Hash(Proof.Root), all, new SortedDictionary<string, long>(_times, StringComparer.Ordinal)).Write();
    }
}
