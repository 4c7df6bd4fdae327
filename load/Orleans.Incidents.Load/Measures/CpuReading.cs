namespace Incidents.Load.Measures;

/// <summary>Processor seconds so far of the server, of this client and of everything else, and the server's peak memory.</summary>
internal readonly record struct CpuReading(double Server, double Client, double Other, double PeakMemoryMb)
{
    public static CpuReading Take(int server)
    {
        var usage = ProcessTree.Read(server);
        var client = Environment.CpuUsage.TotalTime.TotalSeconds;
        return new CpuReading(usage.CpuSeconds, client, ProcessTree.MachineBusySeconds() - usage.CpuSeconds - client, usage.PeakMemoryMb);
    }

    /// <summary>What was used between two readings; the peak stays the later one's.</summary>
    public CpuReading Since(CpuReading earlier) =>
        new(Server - earlier.Server, Client - earlier.Client, Math.Max(0, Other - earlier.Other), PeakMemoryMb);
}
