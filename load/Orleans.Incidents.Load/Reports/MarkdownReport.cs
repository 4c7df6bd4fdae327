using System.Text;
using Incidents.Load.Peers;

namespace Incidents.Load.Reports;

/// <summary>The report for people. Medians over the rounds, with the smallest and largest in brackets.</summary>
internal static class MarkdownReport
{
    private const string Header = "| peer | alerts/s | p50 ms | p99 ms | CPU s per 1,000 | peak MiB | client CPU cores | other CPU cores |\n|---|---|---|---|---|---|---|---|";

    private static readonly (string Format, Func<Measurement, double> Of)[] Columns =
    [
        ("N0", m => m.AlertsPerSecond),
        ("F2", m => m.P50Ms),
        ("F2", m => m.P99Ms),
        ("F4", m => m.CpuSecondsPer1000),
        ("F0", m => m.PeakMemoryMb),
        ("F2", m => m.ClientCpuSeconds / m.Seconds),
        ("F2", m => m.OtherCpuSeconds / m.Seconds),
    ];

    /// <summary>Ratios are made of the first five columns; the last two describe the run.</summary>
    private const int RatioColumns = 5;

    public static string Render(Report report)
    {
        var text = new StringBuilder();
        var machine = report.Machine;
        text.AppendLine($"{machine.Date} · {machine.Cores} cores {machine.Cpu} · {machine.MemoryGb} GiB · Linux {machine.Kernel} · data on {machine.FileSystem} · load average {machine.LoadAverage}");
        foreach (var (name, version) in report.Versions)
            text.AppendLine($"{name}: {version}  ");
        foreach (var cell in report.Measurements.GroupBy(m => (m.Batch, m.Keys)))
            AppendCell(text, report, [.. cell]);
        AppendProblems(text, report.Problems);
        if (report.Bytes is not null)
            AppendBytes(text, report.Bytes);
        LongTables.Append(text, report);
        PostgresTables.Append(text, report);
        return text.ToString();
    }

    private static void AppendCell(StringBuilder text, Report report, Measurement[] cell)
    {
        text.AppendLine($"\n### Batch {cell[0].Batch:N0}, {cell[0].Keys:N0} group keys, {report.Options.Connections} connections, {cell.Max(m => m.Round)} rounds\n");
        text.AppendLine(Header);
        foreach (var peer in cell.GroupBy(m => m.Peer).OrderBy(p => PeerOrder(report, p.Key)))
            AppendRow(text, peer.Key, Columns.Select(c => Spread.Of(peer.Select(c.Of)).Text(c.Format)));
        AppendRatios(text, report, cell, PeerFactory.Alertmanager, _ => true);
        AppendRatios(text, report, cell, PeerFactory.Bare, PeerFactory.IsOurs);
        foreach (var peer in cell.Where(m => m.StoreCpuSeconds > 0).GroupBy(m => m.Peer))
            text.AppendLine($"\n{peer.Key}: of its CPU s per 1,000, PostgreSQL {Spread.Of(peer.Select(m => m.StoreCpuSeconds * 1000 / m.Alerts)).Text("F4")}");
    }

    private static void AppendRatios(StringBuilder text, Report report, Measurement[] cell, string to, Func<string, bool> which)
    {
        var others = cell.Where(m => m.Peer == to).ToDictionary(m => m.Round);
        foreach (var peer in cell.Where(m => m.Peer != to && which(m.Peer) && others.ContainsKey(m.Round)).GroupBy(m => m.Peer).OrderBy(p => PeerOrder(report, p.Key)))
            AppendRow(text, $"{peer.Key} / {to}", Columns.Take(RatioColumns).Select(c => Ratio(peer, others, c.Of)).Concat(["", ""]));
    }

    /// <summary>Each round's ratio is of two cells measured next to each other, which cancels what changes on the machine over the run.</summary>
    private static string Ratio(IEnumerable<Measurement> peer, Dictionary<int, Measurement> others, Func<Measurement, double> value)
    {
        var ratios = peer.Where(m => value(others[m.Round]) > 0).Select(m => value(m) / value(others[m.Round])).ToArray();
        return ratios.Length == 0 ? "-" : "**" + Spread.Of(ratios).Text("F2") + "**";
    }

    private static void AppendRow(StringBuilder text, string name, IEnumerable<string> values) =>
        text.AppendLine($"| {name} | {string.Join(" | ", values)} |");

    private static int PeerOrder(Report report, string name) => report.Options.Peers.ToList().IndexOf(name);

    private static void AppendProblems(StringBuilder text, IReadOnlyList<ProblemsResult> rounds)
    {
        if (rounds.Count == 0)
            return;
        text.AppendLine($"\n### {rounds[0].Problems:N0} distinct problems, batch {rounds[0].Batch}, to a page enqueued for each\n");
        text.AppendLine("| peer | round | pages/s | all answered after s | all pages enqueued after s | reading gap ms | p50 ms | p99 ms | CPU s per 1,000 | of that PostgreSQL | peak MiB |\n|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var r in rounds)
            AppendRow(text, r.Peer, [$"{r.Round}", $"{r.PagesPerSecond:N0}", $"{r.AnsweredSeconds:F2}", $"{r.PagedSeconds:F2}", $"{r.ReadingGapMs:F0}", $"{r.P50Ms:F2}", $"{r.P99Ms:F2}", $"{r.CpuSecondsPer1000:F4}", r.StoreCpuSecondsPer1000 > 0 ? $"{r.StoreCpuSecondsPer1000:F4}" : "-", $"{r.PeakMemoryMb:F0}"]);
        foreach (var peer in rounds.GroupBy(r => r.Peer))
            text.AppendLine($"\n{peer.Key}, pages/s: {Spread.Of(peer.Select(r => r.PagesPerSecond)).Text("N0")}; CPU s per 1,000: {Spread.Of(peer.Select(r => r.CpuSecondsPer1000)).Text("F3")}");
    }

    private static void AppendBytes(StringBuilder text, BytesResult bytes)
    {
        text.AppendLine($"\n### Data after {bytes.Alerts:N0} alerts on {bytes.Keys:N0} groups, batch {bytes.Batch}, {bytes.AlertsPerSecond:N0} alerts/s\n");
        text.AppendLine("| file | bytes | bytes per alert |\n|---|---|---|");
        foreach (var file in bytes.Files)
            AppendRow(text, file.Name, [$"{file.Bytes:N0}", $"{file.BytesPerAlert:F3}"]);
        AppendRow(text, "all", [$"{bytes.BytesAfter:N0}", $"{bytes.BytesPerAlert:F3}"]);
        text.AppendLine($"\n{bytes.BytesBefore:N0} bytes of these were there before the first alert.");
    }
}
