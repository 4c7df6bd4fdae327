using System.Globalization;

namespace Incidents.Server.Metrics.Format;

/// <summary>Numbers as the exposition formats write them.</summary>
internal static class Numbers
{
    /// <summary>A sample's value: the shortest text that reads back as the same number.</summary>
    public static string Value(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A moment in Unix seconds, with a fraction down to 100 ns.</summary>
    public static string UnixSeconds(DateTimeOffset moment) =>
        Value((moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / (double)TimeSpan.TicksPerSecond);

    /// <summary>
    /// A number within a label: OpenMetrics' canonical form, which is Go's <c>%g</c> with <c>.0</c> where nothing else shows
    /// that it is not whole: <c>0.0</c>, <c>0.005</c>, <c>100000.0</c>, <c>1e+06</c>, <c>2.5e-05</c>. Equal bounds must look
    /// equal to be the same series.
    /// </summary>
    public static string Canonical(double value)
    {
        if (!double.IsFinite(value))
            return Value(value);
        if (value == 0)
            return "0.0";
        var (digits, exponent) = Scientific(Math.Abs(value));
        var sign = value < 0 ? "-" : "";
        return sign + (exponent is < -4 or >= 6 ? Exponential(digits, exponent) : Fixed(digits, exponent));
    }

    /// <summary>The significant digits, and the power of ten of the first of them.</summary>
    private static (string Digits, int Exponent) Scientific(double value)
    {
        var parts = value.ToString(CultureInfo.InvariantCulture).Split('E');
        var (mantissa, exponent) = (parts[0], parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var point = mantissa.IndexOf('.');
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        exponent += (point < 0 ? mantissa.Length : point) - 1 - (digits.Length - significant.Length);
        return (significant.TrimEnd('0'), exponent);
    }

    private static string Exponential(string digits, int exponent) =>
        digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    private static string Fixed(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        var padded = digits.PadRight(exponent + 2, '0');
        return padded[..(exponent + 1)] + "." + padded[(exponent + 1)..];
    }
}
