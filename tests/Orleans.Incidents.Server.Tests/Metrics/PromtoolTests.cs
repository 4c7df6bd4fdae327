using System.Diagnostics;
using System.Diagnostics.Metrics;
using Incidents.Testing;

namespace Incidents.Server.Tests.Metrics;

/// <summary>Prometheus' own tool reads what the exporter writes.</summary>
public class PromtoolTests
{
    [Fact]
    public async Task Promtool_accepts_the_text_format_without_a_remark()
    {
        await using var host = await MeasuredAsync();

        var (exit, output) = await PromtoolAsync(await host.TextAsync(), "check", "metrics");

        Assert.Equal((0, ""), (exit, output));
    }

    [Fact]
    public async Task Promtool_reads_every_sample_of_the_OpenMetrics_format()
    {
        await using var host = await MeasuredAsync();
        var text = await host.OpenMetricsAsync();
        // The tool makes a database of it, for which each sample needs a time.
        var timed = text.Split('\n').Select(line => line.Length == 0 || line[0] == '#' ? line : line + " 1700000000").ToList();
        var samples = timed.Count(line => line.EndsWith(" 1700000000", StringComparison.Ordinal));
        var folder = Directory.CreateTempSubdirectory("promtool");
        try
        {
            var file = Path.Combine(folder.FullName, "metrics.om");
            await File.WriteAllTextAsync(file, string.Join('\n', timed), TestContext.Current.CancellationToken);

            var (exit, output) = await PromtoolAsync("", "tsdb", "create-blocks-from", "openmetrics", file, Path.Combine(folder.FullName, "data"));

            Assert.True(exit == 0, output);
            Assert.Contains($"{samples}", output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One metric of each kind, with labels that need every escape.</summary>
    private static async Task<MetricsHost> MeasuredAsync()
    {
        var host = await MetricsHost.StartAsync(resource: [new("service.name", "incidents \"x\"\\\n")]);
        KeyValuePair<string, object?>[] tags = [new("odd.key-1", "a \"quoted\" \\ back\nline ü 😀"), new("1st", 1.5), new("", true)];
        host.Meter.CreateCounter<long>("intake.alerts", "{alert}", "Alerts \"read\"\nby \\ format.").Add(3, tags);
        host.Meter.CreateCounter<double>("intake.body", "By", "Bytes read.").Add(1e21, tags);
        host.Meter.CreateUpDownCounter<long>("incidents.open", "{incident}", "Open incidents.").Add(-3, tags);
        host.Meter.CreateGauge<double>("queue.age", "s", "Age of the oldest.").Record(double.NaN, tags);
        var flush = host.Meter.CreateHistogram("flush.duration", "s", "Duration of a flush.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00001 + 1, 1e7] });
        flush.Record(0.5, tags);
        flush.Record(1e9);
        return host;
    }

    private static async Task<(int Exit, string Output)> PromtoolAsync(string input, params string[] arguments)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(Tool.Find("promtool"), arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        process.Start();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
