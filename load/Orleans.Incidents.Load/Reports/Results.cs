namespace Incidents.Load.Reports;

/// <summary>One cell, measured once on one peer.</summary>
/// <param name="Place">Which peer of the round this was, from 1; the order alternates.</param>
/// <param name="Seconds">The time measured.</param>
/// <param name="Alerts">Acknowledged in that time.</param>
/// <param name="CpuSeconds">User and system time of the server's processes in that time.</param>
/// <param name="CpuSecondsPer1000">The same for each 1,000 alerts.</param>
/// <param name="ClientCpuSeconds">This program's share of the same processors.</param>
/// <param name="OtherCpuSeconds">What everything else on the machine used: high values spoil the numbers.</param>
/// <param name="PeakMemoryMb">Largest resident size since the server's start, in MiB.</param>
/// <param name="Acknowledged">All alerts answered 2xx, warm-up included.</param>
/// <param name="ServerCounted">The server's own count of them; <see langword="null"/>: it has no such counter.</param>
internal sealed record Measurement(
    string Peer,
    int Batch,
    int Keys,
    int Round,
    int Place,
    double Seconds,
    long Alerts,
    double AlertsPerSecond,
    double P50Ms,
    double P99Ms,
    double MaxMs,
    double CpuSeconds,
    double CpuSecondsPer1000,
    double ClientCpuSeconds,
    double OtherCpuSeconds,
    double PeakMemoryMb,
    long Acknowledged,
    double? ServerCounted)
{
    /// <summary>Of <see cref="CpuSeconds"/>, what the database server's processes used; 0 where there is none.</summary>
    public double StoreCpuSeconds { get; init; }
}

/// <summary>The <c>problems</c> scenario, once.</summary>
/// <param name="AnsweredSeconds">From the first request to the last answer.</param>
/// <param name="PagedSeconds">From the first request to the reading that showed the last page enqueued.</param>
/// <param name="ReadingGapMs">The time since the reading before that one: how far <paramref name="PagedSeconds"/> may be too long.</param>
internal sealed record ProblemsResult(
    int Round,
    int Problems,
    int Batch,
    double AnsweredSeconds,
    double PagedSeconds,
    double PagesPerSecond,
    double ReadingGapMs,
    double P50Ms,
    double P99Ms,
    double CpuSecondsPer1000,
    double PeakMemoryMb)
{
    public string Peer { get; init; } = Peers.PeerFactory.Ours;

    /// <summary>Of <see cref="CpuSecondsPer1000"/>, what the database server's processes used; 0 where there is none.</summary>
    public double StoreCpuSecondsPer1000 { get; init; }
}

/// <summary>One file of the data folder after the <c>bytes</c> scenario.</summary>
internal sealed record DataFile(string Name, long Bytes, double BytesPerAlert);

/// <summary>The <c>bytes</c> scenario.</summary>
/// <param name="BytesBefore">The folder's size when the server was ready and had taken nothing.</param>
internal sealed record BytesResult(
    long Alerts, int Keys, int Batch, double AlertsPerSecond, long BytesBefore, long BytesAfter, double BytesPerAlert, IReadOnlyList<DataFile> Files);

/// <summary>The <c>open</c> scenario on one peer, once. All times are in milliseconds from the moment a request was due.</summary>
/// <param name="Rate">Requests a second, one alert each.</param>
/// <param name="Pages">How many new problems were paged; 0 where pages are not measured.</param>
/// <param name="PageP99Ms">From the moment the alert was due to be sent until its page was received.</param>
/// <param name="Curve">The latency at each of <see cref="Shares"/>.</param>
internal sealed record OpenResult(
    string Peer, int Round, double Rate, int Keys, long Answers, double P50Ms, double P99Ms, double P999Ms, double MaxMs,
    long Pages, double PageP50Ms, double PageP99Ms, double PageMaxMs, double CpuCores, double OtherCpuCores, IReadOnlyList<double> Curve)
{
    /// <summary>The shares of requests that a latency curve is drawn from.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999];
}

/// <summary>The <c>heap</c> scenario on one peer; bytes of managed heap after a full collection.</summary>
/// <param name="Before">With a few warm groups.</param>
/// <param name="Fresh">Shortly after the groups opened, their incidents included.</param>
/// <param name="Hot">After minutes of repeats.</param>
internal sealed record HeapResult(
    string Peer, int Keys, int Minutes, double Before, double Fresh, double Hot, double BytesPerGroupFresh, double BytesPerGroupHot);

/// <summary>One reading of memory.</summary>
internal sealed record MemorySample(double Second, double ResidentMb);

/// <summary>The <c>flat</c> scenario.</summary>
/// <param name="SlopeMbPerMinute">Trend of the resident size over the second half, in MiB a minute.</param>
internal sealed record FlatResult(int Keys, double Rate, int Minutes, IReadOnlyList<MemorySample> Samples, double SlopeMbPerMinute, double CpuCores);

/// <summary>One minute of the <c>resend</c> scenario.</summary>
/// <param name="Bytes">By how much the data folder grew, the write-ahead log left out.</param>
internal sealed record ResendMinute(int Minute, double Repeats, double CpuCores, long Bytes, double OtherCpuCores);

/// <summary>The <c>resend</c> scenario.</summary>
internal sealed record ResendResult(int Keys, IReadOnlyList<ResendMinute> Minutes);

/// <summary>All of one run.</summary>
internal sealed record Report(
    Measures.Machine Machine,
    IReadOnlyDictionary<string, string> Versions,
    LoadOptions Options,
    IReadOnlyList<Measurement> Measurements,
    IReadOnlyList<ProblemsResult> Problems,
    BytesResult? Bytes)
{
    public IReadOnlyList<OpenResult> Open { get; init; } = [];

    public IReadOnlyList<HeapResult> Heap { get; init; } = [];

    public FlatResult? Flat { get; init; }

    public ResendResult? Resend { get; init; }

    public HistoryResult? History { get; init; }

    public IReadOnlyList<StartResult> Starts { get; init; } = [];

    public DumpResult? Dump { get; init; }
}
