using System.Net;
using System.Text;

namespace Incidents.Load.Reports;

/// <summary>The report as one page with plots; the numbers themselves are in the JSON beside it and in the tables below the plots.</summary>
internal static class HtmlReport
{
    public static string Render(Report report, string markdown)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Orleans.Incidents load report</title>");
        page.Append("<style>body{font:14px sans-serif;max-width:900px;margin:2em auto}svg{display:block;margin:1.5em 0}pre{overflow:auto;background:#f6f6f6;padding:1em}</style>");
        page.Append($"<h1>Load report: {report.Options.Scenario.ToString().ToLowerInvariant()}</h1>");
        foreach (var plot in Plots(report))
            page.Append(plot);
        return page.Append($"<h2>Numbers</h2><pre>{WebUtility.HtmlEncode(markdown)}</pre></html>\n").ToString();
    }

    private static IEnumerable<string> Plots(Report report) =>
        [.. Compared(report), .. Opened(report), .. Problems(report), .. Heaps(report), .. Flat(report), .. Resent(report), .. Kept(report), .. Aged(report), .. Started(report), .. Dumped(report)];

    private static IEnumerable<string> Compared(Report report)
    {
        foreach (var cell in report.Measurements.GroupBy(m => (m.Batch, m.Keys)))
        {
            var name = $"batch {cell.Key.Batch:N0}, {cell.Key.Keys:N0} group keys";
            yield return Plot.Bars($"Throughput, {name}", "alerts/s", Bars(cell, m => m.Peer, m => m.AlertsPerSecond));
            yield return Plot.Bars($"p99 of an answer, {name}", "ms", Bars(cell, m => m.Peer, m => m.P99Ms));
            yield return Plot.Bars($"Processor time, {name}", "s per 1,000 alerts", Bars(cell, m => m.Peer, m => m.CpuSecondsPer1000));
        }
    }

    private static IEnumerable<string> Opened(Report report)
    {
        if (report.Open.Count == 0)
            yield break;
        var ticks = OpenResult.Shares.Select((share, i) => ((double)i, $"{share * 100:0.##} %")).ToList();
        var lines = report.Open.GroupBy(o => o.Peer).Select(peer => new Series(
            peer.Key, [.. OpenResult.Shares.Select((_, i) => ((double)i, Spread.Of(peer.Select(o => o.Curve[i])).Median))])).ToList();
        yield return Plot.Lines($"Latency at {report.Open[0].Rate:N0} arrivals/s, by share of requests", "ms", lines, ticks);
        yield return Plot.Bars("p99 of an answer", "ms", Bars(report.Open, o => o.Peer, o => o.P99Ms));
        if (report.Open.Any(o => o.Pages > 0))
            yield return Plot.Bars("p99 from an alert due to its page received", "ms", Bars(report.Open.Where(o => o.Pages > 0), o => o.Peer, o => o.PageP99Ms));
    }

    private static IEnumerable<string> Problems(Report report)
    {
        if (report.Problems.Count > 0)
            yield return Plot.Bars("New problems through to a page enqueued", "a second", Bars(report.Problems, p => p.Peer, p => p.PagesPerSecond));
    }

    private static IEnumerable<string> Heaps(Report report)
    {
        if (report.Heap.Count == 0)
            yield break;
        yield return Plot.Bars("Managed heap of a group when opened", "bytes", Bars(report.Heap, h => h.Peer, h => h.BytesPerGroupFresh));
        yield return Plot.Bars($"Managed heap of a group after {report.Heap[0].Minutes} minutes of repeats", "bytes", Bars(report.Heap, h => h.Peer, h => h.BytesPerGroupHot));
    }

    private static IEnumerable<string> Flat(Report report)
    {
        if (report.Flat is not { Samples.Count: > 1 } flat)
            yield break;
        var ticks = flat.Samples.Where((_, i) => i % Math.Max(1, flat.Samples.Count / 8) == 0).Select(s => (s.Second, $"{s.Second / 60:F1} min")).ToList();
        yield return Plot.Lines($"Resident memory at {flat.Rate:N0} alerts/s", "MiB", [new("ours", [.. flat.Samples.Select(s => (s.Second, s.ResidentMb))])], ticks);
    }

    private static IEnumerable<string> Resent(Report report)
    {
        if (report.Resend is not { Minutes.Count: > 1 } resend)
            yield break;
        var ticks = resend.Minutes.Select(m => ((double)m.Minute, $"minute {m.Minute}")).ToList();
        yield return Plot.Lines($"{resend.Keys:N0} alerts sent again by Prometheus", "% of a core", [new("ours", [.. resend.Minutes.Select(m => ((double)m.Minute, 100 * m.CpuCores))])], ticks);
        yield return Plot.Lines("Growth of the data folder", "bytes", [new("ours", [.. resend.Minutes.Select(m => ((double)m.Minute, (double)m.Bytes))])], ticks);
    }

    private static IEnumerable<string> Kept(Report report)
    {
        if (report.Bytes is { } bytes)
            yield return Plot.Bars("Data kept for an alert", "bytes", [.. bytes.Files.Select(f => (f.Name, Spread.Of([f.BytesPerAlert])))]);
    }

    private static IEnumerable<string> Aged(Report report)
    {
        if (report.History is not { } history)
            yield break;
        yield return Plot.Bars("New problems", "a second", Bars(history.Rounds, r => r.Database, r => r.Problems.PagesPerSecond));
        yield return Plot.Bars("Processor time of a new problem", "s per 1,000", Bars(history.Rounds, r => r.Database, r => r.Problems.CpuSecondsPer1000));
        yield return Plot.Bars("Repeats", "a second", Bars(history.Rounds, r => r.Database, r => r.Repeats.AlertsPerSecond));
        yield return Plot.Bars("Processor time of a repeat", "s per 1,000", Bars(history.Rounds, r => r.Database, r => r.Repeats.CpuSecondsPer1000));
    }

    private static IEnumerable<string> Started(Report report)
    {
        if (report.Starts.Count > 0)
            yield return Plot.Bars($"From the start to the first answer, {report.Starts[0].Groups:N0} open groups", "s", Bars(report.Starts, s => $"{s.Peer}{(s.Killed ? ", killed" : "")}", s => s.AnsweredSeconds));
    }

    private static IEnumerable<string> Dumped(Report report)
    {
        if (report.Dump is not { Minutes.Count: > 1 } dump)
            yield break;
        var ticks = dump.Minutes.Select(m => ((double)m.Minute, $"{m.Minute}")).ToList();
        Series Of(string name, Func<DumpMinute, double> value) => new(name, [.. dump.Minutes.Select(m => ((double)m.Minute, value(m)))]);
        yield return Plot.Lines("Repeats, by minute", "a second", [Of("ours-postgres", m => m.AlertsPerSecond)], ticks);
        yield return Plot.Lines("The engine's sweep, by minute", "ms", [Of("next", m => m.SweepMs.Median), Of("from the start", m => m.WholeSweepMs.Median)], ticks);
        yield return Plot.Lines("Dead rows, by minute", "rows", [.. dump.Minutes[0].Tables.Select((t, i) => Of(t.Name, m => m.Tables[i].Dead))], ticks);
    }

    private static List<(string Name, Spread Value)> Bars<T>(IEnumerable<T> results, Func<T, string> name, Func<T, double> value) =>
        [.. results.GroupBy(name).Select(g => (g.Key, Spread.Of(g.Select(value))))];
}
