using System.Numerics;

namespace Incidents.Load.Measures;

/// <summary>
/// Counts of non-negative values in log-linear buckets: exact below 128, then 64 equal buckets for every doubling, so that a
/// reading is at most 1/64 (1.6 %) above the true value. Not thread-safe.
/// </summary>
internal sealed class Histogram
{
    private const int SubBuckets = 64;
    private const int Exact = 2 * SubBuckets;
    private const int Exponents = 40;

    /// <summary>The largest value told apart; larger ones count as this one. In nanoseconds some 19 hours.</summary>
    public const long Largest = ((long)Exact << Exponents) - 1;

    private readonly long[] _counts = new long[Index(Largest) + 1];

    /// <summary>How many values were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value recorded, exactly; 0 when there is none.</summary>
    public long Max { get; private set; }

    /// <summary>Counts one value; a negative one counts as 0.</summary>
    public void Record(long value)
    {
        value = Math.Clamp(value, 0, Largest);
        _counts[Index(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    /// <summary>Adds all that another histogram holds.</summary>
    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>
    /// The smallest bucket bound that at least this share of the values does not exceed, never above <see cref="Max"/>;
    /// 0 when nothing was recorded.
    /// </summary>
    /// <param name="share">Above 0 and at most 1: 0.99 for p99.</param>
    public long Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length && Count > 0; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
                return Math.Min(UpperBound(i), Max);
        }

        return 0;
    }

    private static int Index(long value)
    {
        if (value < Exact)
            return (int)value;
        var exponent = BitOperations.Log2((ulong)value) - BitOperations.Log2(SubBuckets);
        return (exponent * SubBuckets) + (int)(value >> exponent);
    }

    private static long UpperBound(int index)
    {
        if (index < Exact)
            return index;
        var exponent = (index / SubBuckets) - 1;
        return ((long)(index - (exponent * SubBuckets) + 1) << exponent) - 1;
    }
}
