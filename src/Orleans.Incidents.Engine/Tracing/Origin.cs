using System.Diagnostics;

namespace Incidents.Engine.Tracing;

/// <summary>
/// Where a piece of work began, for log lines and traces only: no rule sees it, nothing rests on it, and it may be absent.
/// It travels with messages in memory; only the trace of a message that waits on disk is stored with it.
/// </summary>
public sealed record Origin
{
    /// <summary>How many bytes a stored trace context has: trace id, span id, flags.</summary>
    public const int StoredBytes = 25;

    /// <summary>The span to continue; the default value: not traced.</summary>
    public ActivityContext Trace { get; init; }

    /// <summary>The integration that the alert came through.</summary>
    public string? Integration { get; init; }

    /// <summary>The alert's place in its request.</summary>
    public int Alert { get; init; }

    /// <summary>The request, once it is accepted; <see langword="null"/>: no alert began this, or it is not known any more.</summary>
    public Acceptance? Request { get; init; }

    /// <summary>Whether there is a recorded span to continue.</summary>
    public bool IsTraced => Trace.TraceId != default;

    /// <summary>The trace's id as 32 hexadecimal digits; <see langword="null"/>: not traced.</summary>
    public string? TraceId => IsTraced ? Trace.TraceId.ToHexString() : null;

    /// <summary>The trace alone: what is kept of the origin of something that waits for its time.</summary>
    public Origin? TraceOnly => IsTraced ? new Origin { Trace = Trace } : null;

    /// <summary>The span that is current and recorded; <see langword="null"/>: none, which costs nothing.</summary>
    public static Origin? Current() => Spans.Source.HasListeners() && Activity.Current is { Recorded: true } current ? new Origin { Trace = current.Context } : null;

    /// <summary>The trace as it is stored with a message; <see langword="null"/>: not traced.</summary>
    public byte[]? ToBytes()
    {
        if (!IsTraced)
            return null;
        var bytes = new byte[StoredBytes];
        Trace.TraceId.CopyTo(bytes.AsSpan(0, 16));
        Trace.SpanId.CopyTo(bytes.AsSpan(16, 8));
        bytes[24] = (byte)Trace.TraceFlags;
        return bytes;
    }

    /// <summary>Reads <see cref="ToBytes"/>; <see langword="null"/> for anything else.</summary>
    public static Origin? FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length != StoredBytes ? null : new Origin
    {
        Trace = new ActivityContext(
            ActivityTraceId.CreateFromBytes(bytes[..16]), ActivitySpanId.CreateFromBytes(bytes[16..24]), (ActivityTraceFlags)bytes[24], isRemote: true),
    };
}

/// <summary>Where a request was accepted; known behind its flush.</summary>
public sealed class Acceptance
{
    /// <summary>The flush; 0: not yet.</summary>
    public long Position { get; internal set; }

    /// <summary>The request's place in the flush's receipt block.</summary>
    public int Number { get; internal set; }
}
