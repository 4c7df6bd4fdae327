using System.Numerics;
using Incidents.Throttling;
using NodaTime;
using NodaTime.Text;

namespace Incidents.Server.Configuration.Reading;

/// <summary>The small grammars of scalar values. Each answers <see langword="null"/> for what it does not accept.</summary>
internal static class Texts
{
    private const int MaxIdLength = 64;
    private const long MaxBudget = 1_000_000_000;

    private static readonly (string Unit, long Milliseconds)[] Units =
        [("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>Lower-case letters, digits, hyphens and underscores; begins and ends with a letter or digit; at most 64.</summary>
    public static bool IsId(string text) =>
        text.Length is > 0 and <= MaxIdLength && IsEdge(text[0]) && IsEdge(text[^1]) && text.All(c => IsEdge(c) || c is '-' or '_');

    /// <summary>Prometheus' form: whole numbers with the units y w d h m s ms, in this order, each at most once; or <c>0</c>.</summary>
    public static Duration? Duration(string text)
    {
        if (text == "0")
            return NodaTime.Duration.Zero;
        var total = BigInteger.Zero;
        int at = 0, unit = 0;
        while (at < text.Length)
        {
            var digits = text.AsSpan(at).IndexOfAnyExceptInRange('0', '9');
            var letters = digits <= 0 ? -1 : text.AsSpan(at + digits).IndexOfAnyExceptInRange('a', 'z');
            if (digits is <= 0 or > 18)
                return null;
            var name = letters < 0 ? text[(at + digits)..] : text.Substring(at + digits, letters);
            unit = Array.FindIndex(Units, unit, u => u.Unit == name) + 1;
            if (unit == 0)
                return null;
            total += new BigInteger(long.Parse(text.AsSpan(at, digits))) * Units[unit - 1].Milliseconds;
            at += digits + name.Length;
        }

        // As in Prometheus, a duration must fit 64-bit nanoseconds: about 292 years.
        return at == 0 || total > long.MaxValue / 1_000_000 ? null : NodaTime.Duration.FromMilliseconds((long)total);
    }

    /// <summary><c>120/1m</c> or <c>120/1m burst 240</c>; without a burst it is the count.</summary>
    public static Budget? Budget(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (1 or 3) || (words.Length == 3 && words[1] != "burst") || words[0].Split('/') is not [var number, var per])
            return null;
        return Count(number) is { } count && Duration(per) is { } period && period > NodaTime.Duration.Zero
            && Count(words.Length == 3 ? words[2] : number) is { } burst
            ? new Budget(count, period, burst)
            : null;
    }

    /// <summary>A date, which means its first moment in UTC, or an RFC 3339 timestamp.</summary>
    public static Instant? Moment(string text)
    {
        if (LocalDatePattern.Iso.Parse(text) is { Success: true } date)
            return date.Value.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant();
        return OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } time ? time.Value.ToInstant() : null;
    }

    private static long? Count(string text) =>
        text.Length is > 0 and <= 10 && text.All(char.IsAsciiDigit) && long.Parse(text) is >= 1 and <= MaxBudget and var count ? count : null;

    private static bool IsEdge(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
