namespace Incidents.Load.Reports;

/// <summary>The geometric mean of ratios and the interval that holds it with 95 % confidence (Student's t of their logarithms).</summary>
internal readonly record struct RatioInterval(double Mean, double Low, double High)
{
    // The quantile 0.975 by degrees of freedom, from 1; beyond these the normal one is within 4 %.
    private static readonly double[] T =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>Of one ratio nothing is known but itself: its interval has no ends.</summary>
    /// <exception cref="ArgumentException">No ratios.</exception>
    public static RatioInterval Of(IReadOnlyCollection<double> ratios)
    {
        if (ratios.Count == 0)
            throw new ArgumentException("an interval needs a ratio", nameof(ratios));
        var logs = ratios.Select(r => Math.Log(r)).ToArray();
        var mean = logs.Average();
        if (logs.Length == 1)
            return new RatioInterval(Math.Exp(mean), 0, double.PositiveInfinity);
        var deviation = Math.Sqrt(logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1));
        var half = (logs.Length - 2 < T.Length ? T[logs.Length - 2] : 1.96) * deviation / Math.Sqrt(logs.Length);
        return new RatioInterval(Math.Exp(mean), Math.Exp(mean - half), Math.Exp(mean + half));
    }

    public override string ToString() => $"{Mean:F2} [{Low:F2}, {High:F2}]";
}
