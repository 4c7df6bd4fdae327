using System.Collections.Immutable;
using NodaTime;

namespace Incidents.Routing.Intervals;

/// <summary>
/// A recurring time as Alertmanager has it: what is written must hold all together, and of the ranges of one field one.
/// A field without ranges holds always, so an interval without any field is always. Everything is asked of the wall clock of
/// <see cref="Location"/>: an hour that is skipped there is never, and one that is repeated is twice.
/// </summary>
public sealed record TimeInterval
{
    private const int MinutesOfDay = 24 * 60;

    /// <summary>Parts of the day.</summary>
    public ImmutableArray<MinuteRange> Times { get; init; } = [];

    /// <summary>Weekdays from 0, Sunday, to 6.</summary>
    public ImmutableArray<NumberRange> Weekdays { get; init; } = [];

    /// <summary>Days of the month, 1 to 31, or -1, the last, to -31. A range that reaches beyond a month is cut to it.</summary>
    public ImmutableArray<NumberRange> DaysOfMonth { get; init; } = [];

    /// <summary>Months, January being 1. A number that no month has never holds.</summary>
    public ImmutableArray<NumberRange> Months { get; init; } = [];

    /// <summary>Years of the Gregorian calendar.</summary>
    public ImmutableArray<NumberRange> Years { get; init; } = [];

    /// <summary>The IANA name of the zone whose wall clock counts; <see langword="null"/>: UTC.</summary>
    public string? Location { get; init; }

    private bool HasDays => !Weekdays.IsEmpty || !DaysOfMonth.IsEmpty;

    /// <summary>Whether an instant is in it. A range of times begins with its first moment and ends before its end.</summary>
    /// <exception cref="NodaTime.TimeZones.DateTimeZoneNotFoundException">There is no such location.</exception>
    public bool Contains(Instant at)
    {
        var local = at.InZone(Zone()).LocalDateTime;
        return Holds(Years, local.Year) && Holds(Months, local.Month) && HoldsDay(local.Date)
            && (Times.IsEmpty || Times.Any(t => t.Contains(MinuteOf(local))));
    }

    /// <summary>
    /// The earliest instant behind another at which <see cref="Contains"/> may answer otherwise; between the two it does not.
    /// <see langword="null"/>: it never will.
    /// </summary>
    public Instant? NextBoundary(Instant at)
    {
        if (Times.IsEmpty && !HasDays && Months.IsEmpty && Years.IsEmpty)
            return null;
        var zone = Zone().GetZoneInterval(at);

        // Until the zone's next change its wall clock runs evenly; where it jumps, everything has to be asked anew.
        var next = NextLocal(at.WithOffset(zone.WallOffset).LocalDateTime).WithOffset(zone.WallOffset).ToInstant();
        return zone.HasEnd && zone.End < next ? zone.End : next;
    }

    private LocalDateTime NextLocal(LocalDateTime local)
    {
        var date = local.Date;
        var isFiner = !Times.IsEmpty || HasDays;
        if (!Holds(Years, date.Year) || (!isFiner && Months.IsEmpty))
            return new LocalDate(date.Year + 1, 1, 1).AtMidnight();
        if (!Holds(Months, date.Month) || !isFiner)
            return new LocalDate(date.Year, date.Month, 1).PlusMonths(1).AtMidnight();
        var minute = MinuteOf(local);
        var next = HoldsDay(date) ? Times.SelectMany(t => new[] { t.Start, t.End }).Where(m => m > minute).DefaultIfEmpty(MinutesOfDay).Min() : MinutesOfDay;
        return date.AtMidnight().PlusMinutes(next);
    }

    private bool HoldsDay(LocalDate date)
    {
        if (!Holds(Weekdays, (int)date.DayOfWeek % 7))
            return false;
        var length = CalendarSystem.Iso.GetDaysInMonth(date.Year, date.Month);
        return DaysOfMonth.IsEmpty || DaysOfMonth.Any(d => date.Day >= FromStart(d.First, length) && date.Day <= FromStart(d.Last, length));
    }

    private static int FromStart(int day, int length) => day < 0 ? length + day + 1 : day;

    private static bool Holds(ImmutableArray<NumberRange> ranges, int number) => ranges.IsEmpty || ranges.Any(r => r.Contains(number));

    private static int MinuteOf(LocalDateTime local) => (local.Hour * 60) + local.Minute;

    private DateTimeZone Zone() => Location is null ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb[Location];
}
