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
    double? ServerCounted);

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
    double PeakMemoryMb);

/// <summary>One file of the data folder after the <c>bytes</c> scenario.</summary>
internal sealed record DataFile(string Name, long Bytes, double BytesPerAlert);

/// <summary>The <c>bytes</c> scenario.</summary>
/// <param name="BytesBefore">The folder's size when the server was ready and had taken nothing.</param>
internal sealed record BytesResult(
    long Alerts, int Keys, int Batch, double AlertsPerSecond, long BytesBefore, long BytesAfter, double BytesPerAlert, IReadOnlyList<DataFile> Files);

/// <summary>All of one run.</summary>
internal sealed record Report(
    Measures.Machine Machine,
    IReadOnlyDictionary<string, string> Versions,
    LoadOptions Options,
    IReadOnlyList<Measurement> Measurements,
    IReadOnlyList<ProblemsResult> Problems,
    BytesResult? Bytes);
