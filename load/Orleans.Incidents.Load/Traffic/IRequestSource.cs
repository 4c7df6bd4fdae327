namespace Incidents.Load.Traffic;

/// <summary>A request and the moment from which its latency counts, as a <see cref="System.Diagnostics.Stopwatch"/> time stamp.</summary>
internal readonly record struct Shot(byte[] Request, long Since);

/// <summary>What connections take their requests from.</summary>
internal interface IRequestSource
{
    /// <summary>Whether an answer that arrives now counts.</summary>
    bool Counting { get; }

    /// <summary>The next request, as soon as it is to be sent; <see langword="null"/> at the end.</summary>
    ValueTask<Shot?> NextAsync();
}
