using Incidents.Load.Measures;

namespace Incidents.Load.Traffic;

/// <summary>What one connection saw, or several together. Not thread-safe.</summary>
internal sealed class Tally
{
    private const int TextKept = 300;

    /// <summary>Time from the first byte sent to the last byte received, in nanoseconds, of the answers that count.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>2xx answers, also those before and after the measured time.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Answers other than 2xx by status, whenever they came.</summary>
    public SortedDictionary<int, long> Refused { get; } = [];

    /// <summary>Connections that broke or did not answer in the end.</summary>
    public long ConnectionErrors { get; private set; }

    /// <summary>The first refusal or error in full, for the person who must find out.</summary>
    public string? FirstError { get; private set; }

    /// <summary>Anything but 2xx was seen.</summary>
    public bool HasErrors => ConnectionErrors > 0 || Refused.Count > 0;

    public void Accept(long nanoseconds, bool counts)
    {
        Acknowledged++;
        if (counts)
            Latency.Record(nanoseconds);
    }

    public void Refuse(int status, string answer)
    {
        Refused[status] = Refused.GetValueOrDefault(status) + 1;
        FirstError ??= answer.Length > TextKept ? answer[..TextKept] : answer;
    }

    public void Break(string what)
    {
        ConnectionErrors++;
        FirstError ??= what;
    }

    public void Add(Tally other)
    {
        Latency.Add(other.Latency);
        Acknowledged += other.Acknowledged;
        ConnectionErrors += other.ConnectionErrors;
        FirstError ??= other.FirstError;
        foreach (var (status, count) in other.Refused)
            Refused[status] = Refused.GetValueOrDefault(status) + count;
    }
}
