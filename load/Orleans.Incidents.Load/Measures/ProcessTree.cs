using System.Globalization;

namespace Incidents.Load.Measures;

/// <summary>What a process and its descendants have used.</summary>
/// <param name="CpuSeconds">User and system time since they started, ended children included.</param>
/// <param name="PeakMemoryMb">The sum of each one's largest resident size (VmHWM), in MiB.</param>
internal readonly record struct Usage(double CpuSeconds, double PeakMemoryMb);

/// <summary>Reads <c>/proc</c> (proc(5)).</summary>
internal static class ProcessTree
{
    /// <summary>Linux reports process times to user space in hundredths of a second on every architecture .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>What the process and its descendants have used so far; one that ends meanwhile is left out.</summary>
    public static Usage Read(int root)
    {
        var parents = All();
        double ticks = 0, kib = 0;
        foreach (var pid in parents.Keys.Where(p => IsWithin(p, root, parents)))
        {
            ticks += parents[pid].Ticks;
            kib += KibOf(ReadFile($"/proc/{pid}/status") ?? "", "VmHWM:");
        }

        return new Usage(ticks / TicksPerSecond, kib / 1024);
    }

    /// <summary>
    /// What the process and its descendants have in memory now (Pss), in MiB: what they share counts once, as the buffers of a database
    /// server do, whose every process shows them as its own.
    /// </summary>
    public static double ProportionalMb(int root)
    {
        var parents = All();
        return parents.Keys.Where(p => IsWithin(p, root, parents)).Sum(p => KibOf(ReadFile($"/proc/{p}/smaps_rollup") ?? "", "Pss:")) / 1024;
    }

    /// <summary>The process' resident size now (VmRSS), in MiB.</summary>
    public static double ResidentMb(int pid) => KibOf(ReadFile($"/proc/{pid}/status") ?? "", "VmRSS:") / 1024;

    /// <summary>Seconds of processor time that the whole machine was busy since it started, what a hypervisor took included.</summary>
    public static double MachineBusySeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        var idle = fields[3] + fields[4];
        return (fields.Take(8).Sum() - idle) / TicksPerSecond;
    }

    private static Dictionary<int, ProcessStat> All()
    {
        var all = new Dictionary<int, ProcessStat>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && ReadFile($"{folder}/stat") is { } text)
                all[pid] = ProcessStat.Parse(text);
        }

        return all;
    }

    private static bool IsWithin(int pid, int root, Dictionary<int, ProcessStat> all)
    {
        for (var depth = 0; depth < 32; depth++)
        {
            if (pid == root)
                return true;
            if (!all.TryGetValue(pid, out var stat))
                return false;
            pid = stat.Parent;
        }

        return false;
    }

    private static double KibOf(string status, string field)
    {
        var line = status.Split('\n').FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    private static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>The two facts needed of <c>/proc/PID/stat</c>.</summary>
internal readonly record struct ProcessStat(int Parent, long Ticks)
{
    /// <summary>The second field is the program's name in brackets and may hold spaces and brackets itself, so fields count from the last one.</summary>
    public static ProcessStat Parse(string text)
    {
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcessStat(
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)));
    }
}
