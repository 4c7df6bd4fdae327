namespace Incidents.Cluster.Tests.Silos;

/// <summary>Silos that the tests of a class share; each test leaves them as it found them.</summary>
public abstract class SharedSilos(int count) : IAsyncLifetime
{
    internal SiloCluster Silos { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Silos = await SiloCluster.StartAsync(count);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Silos.DisposeAsync();
    }
}

/// <summary>Three of them.</summary>
public sealed class ThreeSilos() : SharedSilos(3);

/// <summary>Two of them, for a third that a test makes.</summary>
public sealed class TwoSilos() : SharedSilos(2);
