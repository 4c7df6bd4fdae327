using System.Text;

namespace Incidents.Load.Reports;

/// <summary>The tables of the scenarios about a database with much in it.</summary>
internal static class PostgresTables
{
    private static readonly (string Name, string Format, Func<HistoryRound, double> Of)[] HistoryColumns =
    [
        ("new problems/s", "N0", r => r.Problems.PagesPerSecond),
        ("CPU s per 1,000", "F3", r => r.Problems.CpuSecondsPer1000),
        ("of that PostgreSQL", "F3", r => r.Problems.StoreCpuSecondsPer1000),
        ("repeats/s", "N0", r => r.Repeats.AlertsPerSecond),
        ("p99 ms", "F1", r => r.Repeats.P99Ms),
        ("CPU s per 1,000", "F4", r => r.Repeats.CpuSecondsPer1000),
        ("start s", "F1", r => r.StartSeconds),
    ];

    public static void Append(StringBuilder text, Report report)
    {
        if (report.History is { } history)
            AppendHistory(text, history);
        AppendStarts(text, report.Starts);
        if (report.Dump is { } dump)
            AppendDump(text, dump);
    }

    private static void AppendHistory(StringBuilder text, HistoryResult history)
    {
        var past = history.Past;
        text.AppendLine($"\n### An empty database and one with {past.Incidents:N0} past incidents\n");
        text.AppendLine($"Filled through the API in {past.Seconds:N0} s ({past.Incidents / past.Seconds:N0} a second opened, paged and resolved): {past.Events:N0} events, {past.Bytes / 1048576.0:N0} MiB, {(double)past.Bytes / past.SharedBuffersBytes:F1} times shared_buffers; then vacuumed and analyzed. audit verify accepts it, in {past.AuditSeconds:N0} s.\n");
        text.AppendLine($"{history.Rounds[0].Problems.Problems:N0} new problems, batch {history.Rounds[0].Problems.Batch}; repeats on {history.Rounds[0].Repeats.Keys:N0} groups, batch {history.Rounds[0].Repeats.Batch}.\n");
        text.AppendLine($"| database | {string.Join(" | ", HistoryColumns.Select(c => c.Name))} |\n|---|{string.Concat(HistoryColumns.Select(_ => "---|"))}");
        foreach (var database in history.Rounds.GroupBy(r => r.Database))
            text.AppendLine($"| {database.Key} | {string.Join(" | ", HistoryColumns.Select(c => Spread.Of(database.Select(c.Of)).Text(c.Format)))} |");
        text.AppendLine($"| full / empty | {string.Join(" | ", HistoryColumns.Select(c => $"**{Spread.Of(history.Ratios(c.Of)).Text("F2")}**"))} |");
        text.AppendLine($"| full / empty, mean [95 %] | {string.Join(" | ", HistoryColumns.Select(c => RatioInterval.Of(history.Ratios(c.Of))))} |");
    }

    private static void AppendStarts(StringBuilder text, IReadOnlyList<StartResult> starts)
    {
        if (starts.Count == 0)
            return;
        text.AppendLine($"\n### From the start of the process to serving, {starts[0].Groups:N0} open groups\n");
        text.AppendLine("| peer | the process before | ready after s | first alert answered after s | CPU s | resident MiB |\n|---|---|---|---|---|---|");
        foreach (var kind in starts.GroupBy(s => (s.Peer, s.Killed)))
        {
            string Of(Func<StartResult, double> value, string format) => Spread.Of(kind.Select(value)).Text(format);
            text.AppendLine($"| {kind.Key.Peer} | {(kind.Key.Killed ? "was killed" : "ended in order")} | {Of(s => s.ReadySeconds, "F2")} | {Of(s => s.AnsweredSeconds, "F2")} | {Of(s => s.CpuSeconds, "F2")} | {Of(s => s.ResidentMb, "N0")} |");
        }
    }

    private static void AppendDump(StringBuilder text, DumpResult dump)
    {
        text.AppendLine($"\n### Load while a dump is held open: repeats on {dump.Keys:N0} groups, batch {dump.Batch}, and {dump.Rate:N0} new problems/s\n");
        var names = dump.Minutes[0].Tables.Select(t => t.Name).ToList();
        text.AppendLine($"| minute | dump held | repeats/s | p99 ms | new problems/s | p99 ms | CPU cores | of that PostgreSQL | other CPU cores | sweep ms | sweep from the start ms |{string.Concat(names.Select(n => $" {n}: dead; table, index MiB |"))}");
        text.AppendLine($"|---|---|---|---|---|---|---|---|---|---|---|{string.Concat(names.Select(_ => "---|"))}");
        foreach (var m in dump.Minutes)
        {
            var tables = string.Concat(m.Tables.Select(t => $" {t.Dead:N0}; {t.TableBytes / 1048576.0:F1}, {t.IndexBytes / 1048576.0:F1} |"));
            text.AppendLine($"| {m.Minute} | {(m.Held ? "yes" : "no")} | {m.AlertsPerSecond:N0} | {m.P99Ms:F1} | {m.ProblemsPerSecond:F1} | {m.ProblemsP99Ms:F1} | {m.CpuCores:F2} | {m.StoreCpuCores:F2} | {m.OtherCpuCores:F2} | {m.SweepMs.Text("F2")} | {m.WholeSweepMs.Text("F2")} |{tables}");
        }
    }
}
