using System.Globalization;
using System.Text;
using NodaTime;

namespace Incidents.Routing;

/// <summary>
/// Durations as text: Prometheus' form for configuration (<c>1d</c>, <c>1h30m</c>, <c>100ms</c>; model.ParseDuration) and Go's
/// <c>Duration.String</c> (<c>5m0s</c>, <c>1.5s</c>) for showing.
/// </summary>
public static class DurationText
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    /// <summary>
    /// Units from large to small. A year has 365 days, a week 7. When written, one marked exact is used only where it leaves
    /// nothing over, so that 13 months are not written in years.
    /// </summary>
    private static readonly (string Name, long Nanoseconds, bool Exact)[] Units =
    [
        ("y", 365 * Day, true), ("w", 7 * Day, true), ("d", Day, true),
        ("h", Hour, false), ("m", Minute, false), ("s", Second, false), ("ms", Millisecond, false),
    ];

    /// <summary>
    /// Reads Prometheus' form: whole numbers with the units y w d h m s ms, each at most once and from large to small, or
    /// <c>0</c>. No sign, no fraction, no spaces, nothing over 2^63 - 1 nanoseconds (292 years).
    /// </summary>
    public static Parsed<Duration> Parse(string text)
    {
        if (text == "0")
            return Parsed.Of(Duration.Zero);
        if (text.Length == 0)
            return Parsed.Failed<Duration>("empty duration string", 0);
        Int128 total = 0;
        int at = 0, unit = 0;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            var digits = text.AsSpan(start, at - start);
            unit = FindUnit(text.AsSpan(at), unit);
            if (digits.IsEmpty || unit < 0)
                return Parsed.Failed<Duration>($"not a valid duration string: \"{text}\"", start);
            if (digits.TrimStart('0').Length > 19 || (total += Int128.Parse(digits, CultureInfo.InvariantCulture) * Units[unit].Nanoseconds) > long.MaxValue)
                return Parsed.Failed<Duration>("duration out of range", start);
            at += Units[unit].Name.Length;
            unit++;
        }

        return Parsed.Of(Duration.FromNanoseconds((long)total));
    }

    /// <summary>
    /// Writes Prometheus' form; <c>0s</c> for zero. What is less than a millisecond is dropped, as there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative duration, which the form cannot express.</exception>
    public static string Format(Duration duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, Duration.Zero);
        var rest = duration.ToBigIntegerNanoseconds();
        if (rest < Millisecond)
            return "0s";
        var text = new StringBuilder();
        foreach (var (name, length, exact) in Units)
        {
            if (rest < length || (exact && rest % length >= Millisecond))
                continue;
            text.Append(rest / length).Append(name);
            rest %= length;
        }

        return text.ToString();
    }

    /// <summary>
    /// Writes Go's form: hours, minutes and seconds with a fraction and no needless zeros (<c>1h0m0.5s</c>); below a second in
    /// ms, µs or ns; <c>0s</c> for zero; a leading minus for negative ones.
    /// </summary>
    public static string FormatGo(Duration duration)
    {
        var nanoseconds = duration.ToBigIntegerNanoseconds();
        if (nanoseconds < 0)
            return "-" + FormatGo(-duration);
        if (nanoseconds < Second)
            return FormatSmall((long)nanoseconds);
        var text = new StringBuilder();
        if (nanoseconds >= Hour)
            text.Append(nanoseconds / Hour).Append('h');
        if (nanoseconds >= Minute)
            text.Append(nanoseconds % Hour / Minute).Append('m');
        return text.Append(Fraction((long)(nanoseconds % Minute), Second)).Append('s').ToString();
    }

    private static string FormatSmall(long nanoseconds) => nanoseconds switch
    {
        0 => "0s",
        < 1000 => $"{nanoseconds}ns",
        < Millisecond => Fraction(nanoseconds, 1000) + "µs",
        _ => Fraction(nanoseconds, Millisecond) + "ms",
    };

    private static string Fraction(long nanoseconds, long unit) =>
        ((decimal)nanoseconds / unit).ToString("0.#########", CultureInfo.InvariantCulture);

    private static int FindUnit(ReadOnlySpan<char> text, int from)
    {
        var length = 0;
        while (length < text.Length && !char.IsAsciiDigit(text[length]))
            length++;
        for (var i = from; i < Units.Length; i++)
        {
            if (text[..length].SequenceEqual(Units[i].Name))
                return i;
        }

        return -1;
    }
}
