using System.Xml.Linq;
using Incidents.Load.Measures;
using Incidents.Load.Reports;

namespace Incidents.Load.Tests;

public sealed class HtmlReportTests
{
    private static readonly Report Empty = new(
        new Machine("now", 2, "cpu", "6.1", 24, ".NET", "ext4", "0"), new Dictionary<string, string>(), new LoadOptions(), [], [], null);

    [Fact]
    public void Every_plot_is_wellformed_and_names_its_numbers()
    {
        var report = Empty with
        {
            Open = [new("ours", 1, 500, 100, 9, 1, 2, 3, 4, 5, 6, 7, 8, 0.5, 0, [.. OpenResult.Shares.Select((_, i) => (double)i)])],
            Heap = [new("a<b", 100, 5, 1, 2, 3, 1234, 987)],
            Flat = new(100, 500, 10, [new(0, 100), new(5, 101), new(10, 99)], 0.1, 0.2),
            Resend = new(100, [new(1, 100, 0.02, 400, 0), new(2, 100, 0.03, 300, 0)]),
        };
        var html = HtmlReport.Render(report, MarkdownReport.Render(report));
        var plots = html.Split("<svg")[1..].Select(s => XElement.Parse("<svg" + s[..(s.IndexOf("</svg>", StringComparison.Ordinal) + 6)])).ToList();
        Assert.Equal(8, plots.Count);
        Assert.Contains(plots, p => p.Value.Contains("1,234 bytes", StringComparison.Ordinal) && p.Value.Contains("a<b", StringComparison.Ordinal));
        Assert.Contains("500 arrivals/s", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_measured_on_a_full_database_is_in_tables_and_plots()
    {
        var (problems, repeats) = (new ProblemsResult(1, 100, 50, 1, 1, 100, 1, 1, 1, 2, 3), new Measurement("ours-postgres", 1, 10, 1, 1, 1, 9, 9, 1, 1, 1, 1, 1, 0, 0, 9, 9, null));
        var tables = new TableState[] { new("log", 1, 7654, 8192, 8192) };
        var report = Empty with
        {
            History = new(new(1000, 10, 9000, 4096, 1024, 5), [new(1, "empty", 1, problems, repeats), new(1, "full", 2, problems with { PagesPerSecond = 75 }, repeats)]),
            Starts = [new("ours-postgres", 500, 1, true, 1.5, 2.25, 3, 200)],
            Dump = new(10, 1, 100, [new(0, false, 50, 1, 100, 1, 1, 0.5, 0, Spread.Of([1]), Spread.Of([2]), tables), new(1, true, 40, 1, 100, 1, 1, 0.5, 0, Spread.Of([1]), Spread.Of([2]), tables)]),
        };
        var numbers = MarkdownReport.Render(report);
        Assert.Contains("4.0 times shared_buffers", numbers, StringComparison.Ordinal);
        Assert.Contains("| full / empty | **0.75**", numbers, StringComparison.Ordinal);
        Assert.Contains("| ours-postgres | was killed | 1.50 | 2.25 |", numbers, StringComparison.Ordinal);
        Assert.Contains("| 1 | yes | 40 |", numbers, StringComparison.Ordinal);
        Assert.Contains("7,654; 0.0, 0.0 |", numbers, StringComparison.Ordinal);
        Assert.Equal(8, HtmlReport.Render(report, numbers).Split("<svg").Length - 1);
    }

    [Fact]
    public void Ours_is_set_against_alertmanager_and_the_bare_endpoint()
    {
        Measurement Of(string peer, double perSecond) => new("x", 1, 10, 1, 1, 1, 9, perSecond, 1, 1, 1, 1, 1, 0, 0, 9, 9, null) { Peer = peer, StoreCpuSeconds = peer == "ours-postgres" ? 0.009 : 0 };
        var numbers = MarkdownReport.Render(Empty with { Measurements = [Of("ours-postgres", 30), Of("alertmanager", 20), Of("bare", 60)] });
        Assert.Contains("| ours-postgres / alertmanager | **1.50**", numbers, StringComparison.Ordinal);
        Assert.Contains("| ours-postgres / bare | **0.50**", numbers, StringComparison.Ordinal);
        Assert.DoesNotContain("alertmanager / bare", numbers, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL 1.0000", numbers, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_plots_still_has_its_page() => Assert.DoesNotContain("<svg", HtmlReport.Render(Empty, "numbers"), StringComparison.Ordinal);
}
