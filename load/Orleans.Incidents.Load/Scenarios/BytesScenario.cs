using Incidents.Load.Peers;
using Incidents.Load.Reports;
using Incidents.Load.Requests;
using Incidents.Load.Traffic;

namespace Incidents.Load.Scenarios;

/// <summary>How much our server keeps: many repeats on few groups, then an orderly stop, then the sizes of its files.</summary>
internal static class BytesScenario
{
    private const int Groups = 100;
    private const long DefaultAlerts = 1_000_000;

    /// <summary>Not the cell's time: a slow server shall still finish.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static async Task<BytesResult> RunAsync(RunContext context)
    {
        var batch = context.Options.Batches[^1];
        var requests = RequestSet.Covering("Load", Groups, batch, context.Token).Requests;
        var count = ((context.Options.Alerts ?? DefaultAlerts) + batch - 1) / batch;
        await using var server = await context.StartAsync(PeerFactory.Ours, "bytes");
        var data = PeerFactory.DataFolder(server.Folder);
        var before = Files(data).Sum(f => f.Length);
        using var generator = new Generator(server.Address, requests, context.Options.Connections, count);
        var elapsed = await generator.RunOutAsync(Longest, context.Stop);
        var tally = await generator.EndAsync();
        RunContext.RequireClean(server, tally);
        if (!await server.Process.StopAsync())
            throw new LoadException("the server had to be killed, so its files are not what an orderly stop leaves");
        return Result(tally.Acknowledged * batch, batch, elapsed.TotalSeconds, before, data);
    }

    private static BytesResult Result(long alerts, int batch, double seconds, long before, string data)
    {
        var files = Files(data)
            .Select(f => new DataFile(Path.GetRelativePath(data, f.FullName), f.Length, (double)f.Length / alerts))
            .OrderByDescending(f => f.Bytes).ToArray();
        var total = files.Sum(f => f.Bytes);
        return new BytesResult(alerts, Groups, batch, alerts / seconds, before, total, (double)total / alerts, files);
    }

    private static IEnumerable<FileInfo> Files(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories);
}
