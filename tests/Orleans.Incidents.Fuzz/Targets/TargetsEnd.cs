using Incidents.Fuzz.Targets;

[assembly: AssemblyFixture(typeof(TargetsEnd))]

namespace Incidents.Fuzz.Targets;

/// <summary>When all tests have ended, so do the targets: one of them has a folder.</summary>
public sealed class TargetsEnd : IDisposable
{
    public void Dispose()
    {
        foreach (var target in AllTargets.All.OfType<IDisposable>())
            target.Dispose();
    }
}
