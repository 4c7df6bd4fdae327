using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Incidents.Load.Measures;

/// <summary>Where and when a report was made; numbers without it mean nothing.</summary>
internal sealed record Machine(
    string Date, int Cores, string Cpu, string Kernel, double MemoryGb, string Runtime, string FileSystem, string LoadAverage)
{
    /// <summary>Reads this machine; <paramref name="folder"/> is where the servers keep their data.</summary>
    public static Machine Read(string folder) => new(
        DateTimeOffset.Now.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        Environment.ProcessorCount,
        Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Math.Round(double.Parse(Line("/proc/meminfo", "MemTotal")!.Split(' ')[0], CultureInfo.InvariantCulture) / 1024 / 1024, 1),
        RuntimeInformation.FrameworkDescription,
        FileSystemOf(folder),
        File.ReadAllText("/proc/loadavg").Trim());

    /// <summary>The version of a built .NET program, with its commit where the build knew it.</summary>
    public static string VersionOf(string dll) => FileVersionInfo.GetVersionInfo(dll).ProductVersion ?? "unknown";

    private static string? Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();

    /// <summary>The mount with the longest path above the folder: a data folder in memory would flatter.</summary>
    private static string FileSystemOf(string folder)
    {
        var full = Path.GetFullPath(folder) + "/";
        return DriveInfo.GetDrives()
            .Where(d => full.StartsWith(d.Name.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(d => d.Name.Length)?.DriveFormat ?? "unknown";
    }
}
