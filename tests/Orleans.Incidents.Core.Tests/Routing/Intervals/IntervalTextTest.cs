namespace Incidents.Routing.Intervals;

public sealed class IntervalTextTest
{
    private static NumberRange? Read(Parsed<NumberRange> parsed) => parsed.TryGet(out var range, out _) ? range : null;

    [Theory]
    [InlineData("monday:friday", 1, 5)]
    [InlineData("Sunday", 0, 0)]
    [InlineData("saturday:SATURDAY", 6, 6)]
    public void Weekdays_are_read_by_name(string text, int first, int last) => Assert.Equal(new NumberRange(first, last), IntervalText.Weekdays(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("mon")]
    [InlineData("1")]
    [InlineData("friday:monday")]
    [InlineData("monday:tuesday:friday")]
    [InlineData("monday:")]
    public void Weekdays_refuses(string text) => Assert.Null(Read(IntervalText.Weekdays(text)));

    [Theory]
    [InlineData("1:31", 1, 31)]
    [InlineData("5:5", 5, 5)]
    [InlineData("15", 15, 15)]
    [InlineData("-7:-1", -7, -1)]
    [InlineData("-31", -31, -31)]
    [InlineData("1:-1", 1, -1)]
    [InlineData("27:-1", 27, -1)]
    public void Days_of_the_month_are_read_from_either_end(string text, int first, int last) => Assert.Equal(new NumberRange(first, last), IntervalText.DaysOfMonth(text).Value);

    [Theory]
    [InlineData("0")]
    [InlineData("32")]
    [InlineData("-32")]
    [InlineData("5:3")]
    [InlineData("-1:-3")]
    [InlineData("-3:5")]
    [InlineData("-31:1")]
    [InlineData("28:-1")] // As in Alertmanager, which takes the last day of February for the 27th here.
    [InlineData("a")]
    [InlineData("1:2:3")]
    public void Days_of_the_month_refuses(string text) => Assert.Null(Read(IntervalText.DaysOfMonth(text)));

    [Theory]
    [InlineData("may:august", 5, 8)]
    [InlineData("January", 1, 1)]
    [InlineData("december", 12, 12)]
    [InlineData("1:3", 1, 3)]
    [InlineData("march:12", 3, 12)]
    public void Months_are_read_by_name_or_number(string text, int first, int last) => Assert.Equal(new NumberRange(first, last), IntervalText.Months(text).Value);

    [Theory]
    [InlineData("august:may")]
    [InlineData("sept")]
    [InlineData("")] // The culture's thirteenth month has this name.
    public void Months_refuses(string text) => Assert.Null(Read(IntervalText.Months(text)));

    [Fact]
    public void Years_are_read_as_numbers()
    {
        Assert.Equal(new NumberRange(2026, 2028), IntervalText.Years("2026:2028").Value);
        Assert.Equal(new NumberRange(2026, 2026), IntervalText.Years("2026").Value);
        Assert.Null(Read(IntervalText.Years("2028:2026")));
        Assert.Null(Read(IntervalText.Years("may")));
    }

    [Theory]
    [InlineData("00:00", 0)]
    [InlineData("09:30", 570)]
    [InlineData("12:59", 779)]
    [InlineData("23:59", 1439)]
    [InlineData("24:00", 1440)]
    public void A_time_of_day_is_its_minute(string text, int minute) => Assert.Equal(minute, IntervalText.Minute(text).Value);

    [Theory]
    [InlineData("9:30")]
    [InlineData("09:60")]
    [InlineData("24:01")]
    [InlineData("25:00")]
    [InlineData("0a:00")]
    [InlineData("12-30")]
    [InlineData("12:300")]
    public void A_time_of_day_refuses(string text) => Assert.False(IntervalText.Minute(text).IsValid);

    [Fact]
    public void A_location_is_known_by_its_very_name()
    {
        Assert.True(IntervalText.IsLocation("Europe/Berlin"));
        Assert.False(IntervalText.IsLocation("europe/berlin"));
        Assert.False(IntervalText.IsLocation("Mars"));
    }
}
