using System.Globalization;
using System.Text.RegularExpressions;
using Incidents.Acceptance.Processes;

namespace Incidents.Acceptance.Durability;

/// <summary>Between a request and its answer the journal's log was synced to disk, seen from outside by strace.</summary>
public partial class SyncTests
{
    private const int Requests = 40;

    [Fact]
    public async Task Every_answer_comes_behind_a_sync_of_its_own()
    {
        using var folder = new Folder();
        folder.RequireFile();
        await using var pager = await Pager.StartAsync();
        await using var server = await TestConfig.ServeAsync(folder, pager.Url);
        await using var strace = await Strace.AttachAsync(server, "-y", "-ttt", "-e", "trace=fdatasync,fsync", "-o", folder.At("syncs"));
        var spans = new List<(double From, double To)>();
        using var sender = server.As(TestConfig.Generic);
        for (var i = 0; i < Requests; i++)
        {
            var from = Now();

            // Every second one is a repeat, which is durable without an event of its own.
            await sender.AlertAsync($$"""{"dedup_key":"sync-{{i / 2}}","title":"Synced","severity":"critical"}""");
            spans.Add((from, Now()));
        }

        await server.StopAsync();
        await strace.EndedAsync();

        var lines = await File.ReadAllLinesAsync(folder.At("syncs"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(lines, l => l.Contains("= -1"));
        var syncs = lines.Select(l => SyncOfTheLog().Match(l)).Where(m => m.Success).Select(m => double.Parse(m.Groups["at"].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.True(syncs.Count >= Requests, $"{syncs.Count} syncs");
        Assert.All(spans, span => Assert.Contains(syncs, at => at >= span.From && at <= span.To));
    }

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    [GeneratedRegex(@"^\d+\s+(?<at>\d+\.\d+) f(data)?sync\(\d+<[^>]*journal\.db(-wal)?>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SyncOfTheLog();
}
