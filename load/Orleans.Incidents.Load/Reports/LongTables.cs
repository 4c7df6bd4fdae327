using System.Text;

namespace Incidents.Load.Reports;

/// <summary>The tables of the scenarios that go on for minutes, or at a fixed rate.</summary>
internal static class LongTables
{
    public static void Append(StringBuilder text, Report report)
    {
        AppendOpen(text, report.Open);
        AppendHeap(text, report.Heap);
        AppendFlat(text, report.Flat);
        AppendResend(text, report.Resend);
    }

    private static void AppendOpen(StringBuilder text, IReadOnlyList<OpenResult> all)
    {
        if (all.Count == 0)
            return;
        text.AppendLine($"\n### Open loop, {all[0].Rate:N0} arrivals/s of one alert, {all[0].Keys:N0} group keys, one in a hundred a new problem\n");
        text.AppendLine("| peer | p50 ms | p99 ms | p99.9 ms | longest ms | alert to page p50 ms | p99 ms | longest ms | CPU cores | other CPU cores |\n|---|---|---|---|---|---|---|---|---|---|");
        foreach (var peer in all.GroupBy(o => o.Peer))
        {
            string Of(Func<OpenResult, double> value, string format = "F2") => Spread.Of(peer.Select(value)).Text(format);
            string Page(Func<OpenResult, double> value) => peer.Any(o => o.Pages > 0) ? Of(value, "F1") : "-";
            text.AppendLine($"| {peer.Key} | {Of(o => o.P50Ms)} | {Of(o => o.P99Ms)} | {Of(o => o.P999Ms)} | {Of(o => o.MaxMs, "F0")} | {Page(o => o.PageP50Ms)} | {Page(o => o.PageP99Ms)} | {Page(o => o.PageMaxMs)} | {Of(o => o.CpuCores)} | {Of(o => o.OtherCpuCores)} |");
        }
    }

    private static void AppendHeap(StringBuilder text, IReadOnlyList<HeapResult> all)
    {
        if (all.Count == 0)
            return;
        text.AppendLine($"\n### Managed heap after a full collection, {all[0].Keys:N0} groups\n");
        text.AppendLine($"| peer | bytes a group when opened | after {all[0].Minutes} minutes of repeats |\n|---|---|---|");
        foreach (var heap in all)
            text.AppendLine($"| {heap.Peer} | {heap.BytesPerGroupFresh:N0} | {heap.BytesPerGroupHot:N0} |");
    }

    private static void AppendFlat(StringBuilder text, FlatResult? flat)
    {
        if (flat is null)
            return;
        var half = flat.Samples.Skip(flat.Samples.Count / 2).Select(s => s.ResidentMb).ToList();
        text.AppendLine($"\n### {flat.Minutes} minutes at {flat.Rate:N0} alerts/s on {flat.Keys:N0} groups\n");
        text.AppendLine($"Resident memory in the second half: {Spread.Of(half).Text("F0")} MiB, trend {flat.SlopeMbPerMinute:F2} MiB a minute; {flat.CpuCores:F2} CPU cores.");
    }

    private static void AppendResend(StringBuilder text, ResendResult? resend)
    {
        if (resend is null)
            return;
        text.AppendLine($"\n### {resend.Keys:N0} firing alerts sent again by Prometheus\n");
        text.AppendLine("| minute | repeats | % of a core | bytes more | bytes a repeat | other CPU cores |\n|---|---|---|---|---|---|");
        foreach (var m in resend.Minutes)
            text.AppendLine($"| {m.Minute} | {m.Repeats:N0} | {100 * m.CpuCores:F2} | {m.Bytes:N0} | {m.Bytes / Math.Max(1, m.Repeats):F2} | {m.OtherCpuCores:F2} |");
    }
}
