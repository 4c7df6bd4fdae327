using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Incidents.Server.Telemetry;

/// <summary>
/// For spans without a parent: what is linked to a kept trace is kept, so that the flush and the timers of a kept alert are there;
/// of the rest the given share.
/// </summary>
internal sealed class LinkedSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _ratio = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        foreach (var link in samplingParameters.Links ?? [])
        {
            if (link.Context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
                return new SamplingResult(SamplingDecision.RecordAndSample);
        }

        return _ratio.ShouldSample(samplingParameters);
    }
}
