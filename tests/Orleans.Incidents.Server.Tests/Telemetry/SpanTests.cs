using System.Diagnostics;
using Incidents.Alerts;
using Incidents.Engine.Tracing;
using Incidents.Engine.Turns;
using Incidents.Pages;
using Incidents.Responders;
using Incidents.Server.Telemetry;
using OpenTelemetry.Trace;

namespace Incidents.Server.Tests.Telemetry;

public sealed class SpanTests
{
    private static readonly ActivityContext Kept = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    [Fact]
    public void Where_nobody_listens_nothing_is_made_and_nothing_allocated()
    {
        var page = new PageContent("p", "i", "s", "t", Severity.Error, 0, 0, "r", new Contact("console", "r", null), 1, default);
        var flush = new Flush { Id = default, SealedAt = default, Entries = [], Commits = [], Requests = [], UncoveredFrom = 0 };
        Assert.False(Spans.Source.HasListeners());
        Assert.Null(All());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            All();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        object? All() => Origin.Current() as object ?? Spans.Flush(flush) ?? Spans.Delivery(page, 1, null);
    }

    [Fact]
    public void A_stored_trace_is_25_bytes_and_reads_back()
    {
        var bytes = new Origin { Trace = Kept, Integration = "generic", Alert = 3 }.ToBytes()!;
        var back = Origin.FromBytes(bytes)!;

        Assert.Equal(Origin.StoredBytes, bytes.Length);
        Assert.Equal((Kept.TraceId, Kept.SpanId, Kept.TraceFlags, null), (back.Trace.TraceId, back.Trace.SpanId, back.Trace.TraceFlags, back.Integration));
        Assert.Null(new Origin { Integration = "generic" }.ToBytes());
        Assert.Null(Origin.FromBytes([]));
        Assert.Null(Origin.FromBytes(new byte[24]));
    }

    [Theory]
    [InlineData(0, true, SamplingDecision.RecordAndSample)]
    [InlineData(0, false, SamplingDecision.Drop)]
    [InlineData(1, false, SamplingDecision.RecordAndSample)]
    public void What_is_linked_to_a_kept_trace_is_kept_and_of_the_rest_the_share(double ratio, bool linked, SamplingDecision expected)
    {
        var unkept = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None);
        ActivityLink[] links = linked ? [new(unkept), new(Kept)] : [new(unkept)];

        var result = new LinkedSampler(ratio).ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), "flush", ActivityKind.Internal, null, links));

        Assert.Equal(expected, result.Decision);
    }
}
