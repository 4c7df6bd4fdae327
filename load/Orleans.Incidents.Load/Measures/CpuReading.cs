namespace Incidents.Load.Measures;

/// <summary>Processor seconds so far of the server with its database, of the database alone, of this client and of everything else, and their peak memory.</summary>
/// <param name="Server">The database's included.</param>
/// <param name="Store">The database server's processes; 0 where there is none.</param>
/// <param name="PeakMemoryMb">The server's largest resident size, and what the database has in memory now, in MiB.</param>
internal readonly record struct CpuReading(double Server, double Store, double Client, double Other, double PeakMemoryMb)
{
    /// <param name="server">The server's process id.</param>
    /// <param name="store">The id of its database server's first process; <see langword="null"/>: it has none.</param>
    public static CpuReading Take(int server, int? store = null)
    {
        var usage = ProcessTree.Read(server);
        var (database, memory) = store is { } pid ? (ProcessTree.Read(pid).CpuSeconds, ProcessTree.ProportionalMb(pid)) : (0, 0);
        var client = Environment.CpuUsage.TotalTime.TotalSeconds;
        var both = usage.CpuSeconds + database;
        return new CpuReading(both, database, client, ProcessTree.MachineBusySeconds() - both - client, usage.PeakMemoryMb + memory);
    }

    /// <summary>What was used between two readings; the peak stays the later one's.</summary>
    public CpuReading Since(CpuReading earlier) =>
        new(Server - earlier.Server, Store - earlier.Store, Client - earlier.Client, Math.Max(0, Other - earlier.Other), PeakMemoryMb);
}
