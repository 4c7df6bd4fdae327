using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Incidents.Routing.Intervals;

public sealed class MuteScheduleTest
{
    private static readonly string?[] Zones = [null, "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia"];

    /// <summary>Shortly before clocks change somewhere, a leap day, a day that Apia does not have, and any other time.</summary>
    private static readonly Instant[] Starts =
    [
        Instant.FromUtc(2026, 3, 7, 0, 0), Instant.FromUtc(2026, 10, 31, 12, 0), Instant.FromUtc(2026, 3, 28, 6, 30), Instant.FromUtc(2026, 10, 24, 18, 0), Instant.FromUtc(2026, 4, 3, 0, 0),
        Instant.FromUtc(2026, 10, 2, 12, 0), Instant.FromUtc(2018, 11, 3, 12, 0), Instant.FromUtc(2024, 2, 27, 0, 0), Instant.FromUtc(2011, 12, 28, 12, 0), Instant.FromUtc(2026, 12, 30, 12, 0),
    ];

    private static MuteSchedule Muted(params TimeInterval[] intervals) => new([new("quiet", [.. intervals])], []);

    private static TimeInterval Daily(int start, int end, string? zone = null) => new() { Times = [new(start, end)], Location = zone };

    /// <summary>The oracle asks every minute and knows nothing of boundaries.</summary>
    [Fact]
    public void NextChange_is_what_a_look_at_every_minute_finds() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Arb.From(Schedules()), Arb.From(Froms()), (schedule, from) =>
    {
        var minute = Instant.FromUnixTimeSeconds(from.ToUnixTimeSeconds() / 60 * 60);
        var found = Enumerable.Range(1, 4 * 24 * 60).Select(m => minute + Duration.FromMinutes(m)).Where(at => schedule.IsMuted(at) != schedule.IsMuted(from)).Select(at => (Instant?)at).FirstOrDefault();
        var next = schedule.NextChange(from);
        Assert.True(found == next || (found is null && !(next <= minute + Duration.FromDays(4))), $"{found} by the minute, {next} by boundaries");
        Assert.Equal(schedule.IsMuted(from), schedule.At(from) is not null);
        return true;
    }));

    [Fact]
    public void Adjoining_intervals_are_one_mute()
    {
        // Evenings until midnight, mornings from midnight on, and the whole weekend: from Friday evening to Monday morning.
        var schedule = Muted(Daily(18 * 60, 24 * 60), Daily(0, 8 * 60), new TimeInterval { Weekdays = [new(6, 6), new(0, 0)] });
        Assert.Equal(new Mute("interval quiet", Instant.FromUtc(2026, 11, 30, 8, 0)), schedule.At(Instant.FromUtc(2026, 11, 27, 18, 0)));
        Assert.Null(schedule.At(Instant.FromUtc(2026, 11, 27, 18, 0) - Duration.Epsilon));
    }

    [Fact]
    public void Outside_of_all_active_intervals_it_is_mute_and_muted_ones_win()
    {
        var office = new TimeIntervalDefinition("office", [Daily(9 * 60, 17 * 60)]);
        var lunch = new TimeIntervalDefinition("lunch", [Daily(12 * 60, 13 * 60)]);
        var schedule = new MuteSchedule([lunch], [office]);
        Assert.Equal(new Mute("being outside of interval office", Instant.FromUtc(2026, 3, 2, 9, 0)), schedule.At(Instant.FromUtc(2026, 3, 1, 17, 0)));
        Assert.Equal(new Mute("interval lunch", Instant.FromUtc(2026, 3, 1, 13, 0)), schedule.At(Instant.FromUtc(2026, 3, 1, 12, 0)));
        Assert.Null(schedule.At(Instant.FromUtc(2026, 3, 1, 13, 0)));
    }

    [Fact]
    public void Any_of_several_intervals_makes_it_mute_or_active_and_all_that_do_are_named()
    {
        var (nights, days) = (new TimeIntervalDefinition("nights", [Daily(0, 8 * 60)]), new TimeIntervalDefinition("days", [Daily(7 * 60, 20 * 60)]));
        var noon = Instant.FromUtc(2026, 3, 1, 12, 0);
        Assert.Equal("interval days", new MuteSchedule([nights, days], []).At(noon)!.By);
        Assert.Equal("intervals nights, days", new MuteSchedule([nights, days], []).At(noon - Duration.FromMinutes(270))!.By);
        Assert.Null(new MuteSchedule([], [nights, days]).At(noon));
        Assert.Equal("being outside of intervals nights, days", new MuteSchedule([], [nights, days]).At(noon + Duration.FromHours(9))!.By);
    }

    [Theory]
    [InlineData(2, 5, "2 3 4 5")]
    [InlineData(-2, -1, "27 28")]
    [InlineData(27, -1, "27 28")]
    [InlineData(1, -27, "1 2")]
    public void Days_of_the_month_count_from_either_end(int first, int last, string days)
    {
        var interval = new TimeInterval { DaysOfMonth = [new(first, last), new(31, 31)] };
        Assert.Equal(days, string.Join(' ', Enumerable.Range(1, 28).Where(day => interval.Contains(Instant.FromUtc(2026, 2, day, 12, 0)))));
    }

    [Fact]
    public void A_change_at_the_horizon_itself_is_still_found()
    {
        var (schedule, end) = (Muted(new TimeInterval { Years = [new(2000, 2030)] }), Instant.FromUtc(2031, 1, 1, 0, 0));
        Assert.Equal(end, schedule.NextChange(end - MuteSchedule.Horizon));
        Assert.Null(schedule.NextChange(end - MuteSchedule.Horizon - Duration.Epsilon));
    }

    [Theory]
    [InlineData(2026, 3, 7, "2026-03-08T11:00:00Z")] // 07:00 EDT; the day before ended at 12:00Z.
    [InlineData(2026, 10, 31, "2026-11-01T12:00:00Z")]
    public void A_night_ends_by_the_wall_clock(int year, int month, int day, string end) =>
        Assert.Equal(NodaTime.Text.InstantPattern.General.Parse(end).Value, Muted(Daily(0, 7 * 60, "America/New_York")).NextChange(Instant.FromUtc(year, month, day, 12, 0) + Duration.FromHours(20)));

    [Fact]
    public void What_never_ends_or_only_beyond_the_horizon_is_found_out_soon()
    {
        var from = Instant.FromUtc(2026, 3, 1, 12, 0);
        Assert.Equal(new Mute("interval quiet", null), Muted(new TimeInterval()).At(from));
        Assert.Equal(new Mute("being outside of interval past", null), new MuteSchedule([], [new("past", [new TimeInterval { Years = [new(2020, 2020)], Times = [new(0, 1)] }])]).At(from));
        Assert.Null(Muted(new TimeInterval { Years = [new(2000, 2040)] }).At(from)!.Until);
        Assert.Equal(Instant.FromUtc(2031, 1, 1, 0, 0), Muted(new TimeInterval { Years = [new(2000, 2030)] }).At(from)!.Until);
        Assert.Null(Muted(new TimeInterval { Months = [new(13, 13)] }).NextChange(from));
    }

    private static Gen<Instant> Froms() =>
        from start in Gen.Elements(Starts)
        from minutes in Gen.Choose(0, 3 * 24 * 60)
        from seconds in Gen.Elements(0, 0, 1, 59)
        select start + Duration.FromMinutes(minutes) + Duration.FromSeconds(seconds);

    private static Gen<MuteSchedule> Schedules() =>
        from muted in Definitions()
        from active in Gen.OneOf(Gen.Constant<TimeIntervalDefinition[]>([]), Definitions())
        select new MuteSchedule([.. muted], [.. active]);

    private static Gen<TimeIntervalDefinition[]> Definitions() =>
        from count in Gen.Choose(1, 2)
        from intervals in Intervals().ArrayOf(count)
        select new[] { new TimeIntervalDefinition("some", [.. intervals]) };

    private static Gen<TimeInterval> Intervals() =>
        from zone in Gen.Elements(Zones)
        from times in Ranges(0, 47)
        from weekdays in Ranges(0, 6)
        from days in Gen.Elements<NumberRange?>(null, null, new(1, 7), new(-3, -1), new(29, 31), new(20, -3))
        from months in Gen.Elements<NumberRange?>(null, null, null, new(1, 3), new(10, 11))
        from years in Gen.Elements<NumberRange?>(null, null, null, new(2026, 2026))
        select new TimeInterval
        {
            Location = zone, Times = times is null ? [] : [new(times.First * 30, (times.Last + 1) * 30)], Weekdays = weekdays is null ? [] : [weekdays],
            DaysOfMonth = days is null ? [] : [days], Months = months is null ? [] : [months], Years = years is null ? [] : [years],
        };

    private static Gen<NumberRange?> Ranges(int least, int most) =>
        from isThere in Gen.Elements(true, false)
        from first in Gen.Choose(least, most)
        from last in Gen.Choose(first, most)
        select isThere ? new NumberRange(first, last) : null;
}
