using Incidents.Server.Configuration.Reading;
using Incidents.Throttling;
using NodaTime;

namespace Incidents.Server.Tests.Configuration;

public sealed class ScalarGrammarTests
{
    public static readonly string[] GoodDurations = ["0", "0s", "5m", "90s", "1h30m", "1d", "100ms", "2w", "1y2w3d4h5m6s7ms"];
    public static readonly string[] BadDurations = ["", "5", "m", "-5m", "1.5h", "5 m", "30m1h", "1h1h", "1H", "5min", "1h30", "１m"];
    public static readonly string[] GoodBudgets = ["120/1m", "120/1m burst 240", "1/100ms", "20/1h30m  burst  1"];
    public static readonly string[] BadBudgets = ["", "120", "120/", "/1m", "120/m", "120/1m 240", "120/1m burst", "120/1m burst x", "-1/1m", "120 / 1m", "1/1m burst 2 burst 3"];
    public static readonly string[] GoodMoments = ["2027-12-31", "2027-12-31T18:00:00Z", "2027-12-31T18:00:00.5+02:00"];
    public static readonly string[] BadMoments = ["", "2027", "31.12.2027", "2027-12-31 18:00:00", "2027-12-31T18:00:00", "2027-12-31T18:00Z", "never"];
    public static readonly string[] GoodIds = ["a", "0", "a-b_c", "x9", new('a', 64)];
    public static readonly string[] BadIds = ["", "A", "a.b", "-a", "a-", "_a", "a b", "é", new('a', 65)];

    [Theory]
    [InlineData("0", 0)]
    [InlineData("100ms", 100)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("1y", 31_536_000_000)]
    [InlineData("1y2w3d4h5m6s7ms", 33_019_506_007)]
    [InlineData("292y", 9_208_512_000_000)]
    public void A_duration_is_the_sum_of_its_parts(string text, long milliseconds) => Assert.Equal(Duration.FromMilliseconds(milliseconds), Texts.Duration(text));

    [Theory]
    [InlineData("293y")]
    [InlineData("999999999999999999y")]
    [InlineData("99999999999999999999s")]
    public void A_duration_beyond_64_bit_nanoseconds_is_refused(string text) => Assert.Null(Texts.Duration(text));

    [Theory]
    [InlineData("120/1m burst 240", 120, 60, 240)]
    [InlineData("120/1m", 120, 60, 120)]
    [InlineData("1000000000/1s burst 1", 1_000_000_000, 1, 1)]
    public void A_budget_has_count_period_and_burst(string text, long count, int seconds, long burst) =>
        Assert.Equal(new Budget(count, Duration.FromSeconds(seconds), burst), Texts.Budget(text));

    [Theory]
    [InlineData("0/1m")]
    [InlineData("1/0s")]
    [InlineData("1/1m burst 0")]
    [InlineData("1000000001/1m")]
    [InlineData("99999999999/1m")]
    public void A_budget_of_nothing_or_of_too_much_is_refused(string text) => Assert.Null(Texts.Budget(text));

    [Fact]
    public void A_date_is_its_first_moment_in_utc()
    {
        Assert.Equal(Instant.FromUtc(2027, 12, 31, 0, 0), Texts.Moment("2027-12-31"));
        Assert.Equal(Instant.FromUtc(2027, 12, 31, 16, 0), Texts.Moment("2027-12-31T18:00:00+02:00"));
    }

    [Fact]
    public void What_is_well_formed_is_accepted_and_nothing_else()
    {
        Assert.All(GoodDurations, t => Assert.NotNull(Texts.Duration(t)));
        Assert.All(BadDurations, t => Assert.Null(Texts.Duration(t)));
        Assert.All(GoodBudgets, t => Assert.NotNull(Texts.Budget(t)));
        Assert.All(BadBudgets, t => Assert.Null(Texts.Budget(t)));
        Assert.All(GoodMoments, t => Assert.NotNull(Texts.Moment(t)));
        Assert.All(BadMoments, t => Assert.Null(Texts.Moment(t)));
        Assert.All(GoodIds, t => Assert.True(Texts.IsId(t)));
        Assert.All(BadIds, t => Assert.False(Texts.IsId(t)));
    }
}
