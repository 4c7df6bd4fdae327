using System.Diagnostics;
using Incidents.Server.Configuration;
using Incidents.Server.Logging;
using Incidents.Testing;
using Microsoft.Extensions.Logging;

namespace Incidents.Server.Tests.Logging;

public sealed class LineProviderTests
{
    [Fact]
    public void Everything_that_was_logged_is_written_before_the_end()
    {
        using var output = new StringWriter();
        using (var provider = new LineProvider(output, LogFormat.Text, TimeProvider.System))
        {
            for (var i = 0; i < 1000; i++)
                Log.LinesLeftOut(provider.CreateLogger("Incidents"), "Refused", i);
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i} lines of Refused were left out"), Said(output).Select(l => l[(l.IndexOf(": ", StringComparison.Ordinal) + 2)..l.IndexOf(',')]));
    }

    [Fact]
    public async Task Whoever_logs_does_not_wait_for_the_reader_and_what_is_lost_is_counted()
    {
        using var output = new StuckWriter();
        using (var provider = new LineProvider(output, LogFormat.Text, TimeProvider.System))
        {
            var logger = provider.CreateLogger("Incidents");
            for (var i = 0; i < 20_000; i++)
                Log.FlushRecovered(logger);
            output.Open.Set();
            await Eventually.TrueAsync("the count of what was lost", () => Lost(output) > 0);
        }

        Assert.Equal(20_000, Said(output).Count(l => l.Contains("FlushRecovered", StringComparison.Ordinal)) + Lost(output));
    }

    [Fact]
    public void A_line_under_a_recorded_span_names_its_trace()
    {
        using var output = new StringWriter();
        using var source = new ActivitySource(Guid.NewGuid().ToString());
        using var listener = new ActivityListener { ShouldListenTo = s => s == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using var span = source.StartActivity("request")!;
        using (var provider = new LineProvider(output, LogFormat.Text, TimeProvider.System))
            Log.FlushRecovered(provider.CreateLogger("Incidents"));

        Assert.EndsWith($"traceId={span.TraceId}", Said(output).Single(), StringComparison.Ordinal);
    }

    private static List<string> Said(StringWriter output) => [.. output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)];

    private static long Lost(StringWriter output) =>
        Said(output).Where(l => l.Contains("not read fast enough", StringComparison.Ordinal)).Sum(l => long.Parse(l.Split("LinesLeftOut: ")[1].Split(' ')[0]));

    /// <summary>Nobody reads until it is opened.</summary>
    private sealed class StuckWriter : StringWriter
    {
        private readonly Lock _lock = new();

        public ManualResetEventSlim Open { get; } = new();

        public override void WriteLine(string? value)
        {
            Open.Wait();
            lock (_lock)
                base.WriteLine(value);
        }

        public override string ToString()
        {
            lock (_lock)
                return base.ToString();
        }

        protected override void Dispose(bool disposing)
        {
            Open.Dispose();
            base.Dispose(disposing);
        }
    }
}
