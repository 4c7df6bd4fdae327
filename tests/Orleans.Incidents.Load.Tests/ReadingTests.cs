using System.Runtime.CompilerServices;
using Incidents.Load.Measures;
using Incidents.Load.Reports;

namespace Incidents.Load.Tests;

public sealed class ReadingTests
{
    [Fact]
    public void A_program_name_with_brackets_and_blanks_does_not_shift_the_fields()
    {
        var stat = ProcessStat.Parse("42 (a) b (c) S 7 42 42 0 -1 4194304 1 2 3 4 100 20 3 1 20 0 9 0 55\n");
        Assert.Equal(new ProcessStat(7, 124), stat);
    }

    [Fact]
    public void This_process_has_used_time_and_memory()
    {
        var usage = ProcessTree.Read(Environment.ProcessId);
        Assert.True(usage.CpuSeconds > 0);
        Assert.True(usage.PeakMemoryMb > 1);
        Assert.InRange(ProcessTree.ProportionalMb(Environment.ProcessId), 1, usage.PeakMemoryMb);
    }

    [Fact]
    public void A_metric_is_summed_over_its_label_sets_and_no_other_metric()
    {
        const string text = "# TYPE pages_total counter\npages_total{a=\"x\"} 2\npages_total{a=\"y}\"} 3 1700000000000\npages_total_max 9\npages 1\n";
        Assert.Equal(5, MetricText.Sum(text, "pages_total"));
        Assert.Equal(2, MetricText.Sum(text, "pages_total", "a=\"x\""));
        Assert.Equal(1, MetricText.Sum(text, "pages"));
        Assert.Null(MetricText.Sum(text, "absent"));
    }

    [Fact]
    public void Of_an_even_number_of_rounds_the_median_is_between_the_middle_two() =>
        Assert.Equal(new Spread(2.5, 1, 9), Spread.Of([9, 2, 3, 1]));

    [Fact]
    public void A_spread_shows_its_ends_only_where_they_differ()
    {
        Assert.Equal("2.0", Spread.Of([2]).Text("F1"));
        Assert.Equal("2.0 (1.0..3.0)", Spread.Of([1, 2, 3]).Text("F1"));
    }

    [Fact]
    public void The_interval_of_ratios_that_agree_is_narrow_and_holds_their_mean()
    {
        var interval = RatioInterval.Of([0.5, 2, 1]);
        Assert.Equal((1.0, 0.179, 5.596), (Math.Round(interval.Mean, 3), Math.Round(interval.Low, 3), Math.Round(interval.High, 3)));
        Assert.Equal(new RatioInterval(1, 1, 1), RatioInterval.Of([1, 1, 1, 1]));
    }

    [Fact]
    public void One_ratio_has_no_interval() => Assert.Equal("0.90 [0.00, Infinity]", RatioInterval.Of([0.9]).ToString());

    [Fact]
    public void The_sweep_that_is_timed_is_the_engines_own()
    {
        var reader = File.ReadAllText(Source("src/Orleans.Incidents.Journal/Postgres/Reading/PostgresReader.cs"));
        Assert.Contains($"\"{SweepQuery.Columns}\"", reader, StringComparison.Ordinal);
        Assert.Contains(SweepQuery.From, reader, StringComparison.Ordinal);
    }

    private static string Source(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", path);
}
