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
    public void A_run_without_plots_still_has_its_page() => Assert.DoesNotContain("<svg", HtmlReport.Render(Empty, "numbers"), StringComparison.Ordinal);
}
