using System.Globalization;
using NodaTime;

namespace Incidents.Routing.Intervals;

/// <summary>The texts of time intervals, by Alertmanager's grammar: <c>monday:friday</c>, <c>-7:-1</c>, <c>may:august</c>, <c>2026:2028</c>, <c>09:30</c>.</summary>
public static class IntervalText
{
    private static readonly string[] Days = [.. CultureInfo.InvariantCulture.DateTimeFormat.DayNames.Select(d => d.ToLowerInvariant())];
    private static readonly string[] MonthNames = [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames.Take(12).Select(m => m.ToLowerInvariant())];

    /// <summary>A weekday by its whole name in any case, or two with a colon between, Sunday being the first of a week.</summary>
    public static Parsed<NumberRange> Weekdays(string text) => Range(text, t => Named(Days, t, 0), "weekday");

    /// <summary>A day of the month, 1 to 31 or from the end -1 to -31, or two with a colon between of which the first is never the later one.</summary>
    public static Parsed<NumberRange> DaysOfMonth(string text)
    {
        var parsed = Range(text, t => Number(t) is { } day and not 0 and >= -31 and <= 31 ? day : null, "day of the month", isOrdered: false);
        if (!parsed.TryGet(out var days, out _))
            return parsed;
        if (days.First < 0 && days.Last > 0)
            return Parsed.Failed<NumberRange>("the end must count from the end of the month if the start does", 0);

        // In the shortest month the two lie as close as they can.
        return OfShortest(days.First) > OfShortest(days.Last)
            ? Parsed.Failed<NumberRange>($"end day {days.Last} may come before start day {days.First}", 0)
            : parsed;
    }

    /// <summary>A month by its whole name in any case or by its number, or two with a colon between.</summary>
    public static Parsed<NumberRange> Months(string text) => Range(text, t => Named(MonthNames, t, 1) ?? Number(t), "month");

    /// <summary>A year, or two with a colon between.</summary>
    public static Parsed<NumberRange> Years(string text) => Range(text, Number, "year");

    /// <summary>A time of day from <c>00:00</c> to <c>24:00</c>, in minutes since midnight.</summary>
    public static Parsed<int> Minute(string text)
    {
        if (text is [var a, var b, ':', var c, var d] && text.Count(char.IsAsciiDigit) == 4)
        {
            var (hour, minute) = (((a - '0') * 10) + b - '0', ((c - '0') * 10) + d - '0');
            if (minute < 60 && (hour < 24 || (hour, minute) == (24, 0)))
                return Parsed.Of((hour * 60) + minute);
        }

        return Parsed.Failed<int>($"\"{text}\" is no time of day from 00:00 to 24:00", 0);
    }

    /// <summary>Whether a zone is known by this IANA name, upper and lower case as there.</summary>
    public static bool IsLocation(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is not null;

    private static Parsed<NumberRange> Range(string text, Func<string, int?> read, string what, bool isOrdered = true)
    {
        var parts = text.Split(':');
        if (parts.Length > 2)
            return Parsed.Failed<NumberRange>($"\"{text}\" is no {what} and no range of two", 0);
        foreach (var part in parts)
        {
            if (read(part) is null)
                return Parsed.Failed<NumberRange>($"\"{part}\" is no {what}", 0);
        }

        var range = new NumberRange(read(parts[0])!.Value, read(parts[^1])!.Value);
        return isOrdered && range.First > range.Last
            ? Parsed.Failed<NumberRange>($"\"{text}\" ends before it begins", 0)
            : Parsed.Of(range);
    }

    private static int OfShortest(int day) => day < 0 ? 28 + day : day;

    private static int? Named(string[] names, string text, int first) =>
        Array.IndexOf(names, text.ToLowerInvariant()) is var place and >= 0 ? place + first : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
