using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Incidents.Routing;

public sealed class DurationTextTest
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("100ms", 100)]
    [InlineData("90s", 90_000)]
    [InlineData("5m0s", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1y2w3d4h5m6s7ms", 33019506007)]
    public void Parse_reads_Prometheus_text(string text, long milliseconds) =>
        Assert.Equal(Duration.FromMilliseconds(milliseconds), DurationText.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("5m1h")]
    [InlineData("1m1m")]
    [InlineData("1 h")]
    [InlineData("h")]
    [InlineData("5us")]
    [InlineData("1mss")]
    [InlineData("293y")]
    [InlineData("99999999999999999999999999s")]
    public void Parse_refuses(string text) => Assert.False(DurationText.Parse(text).IsValid);

    [Theory]
    [InlineData(0, "0s", "0s")]
    [InlineData(1, "1ms", "1ms")]
    [InlineData(100, "100ms", "100ms")]
    [InlineData(1000, "1s", "1s")]
    [InlineData(1500, "1s500ms", "1.5s")]
    [InlineData(300_000, "5m", "5m0s")]
    [InlineData(5_400_000, "1h30m", "1h30m0s")]
    [InlineData(86_400_000, "1d", "24h0m0s")]
    [InlineData(86_400_001, "24h1ms", "24h0m0.001s")]
    [InlineData(90_000_000, "25h", "25h0m0s")]
    [InlineData(604_800_000, "1w", "168h0m0s")]
    [InlineData(31_536_000_000, "1y", "8760h0m0s")]
    [InlineData(34_560_000_000, "400d", "9600h0m0s")]
    public void Format_writes_both_forms(long milliseconds, string prometheus, string go)
    {
        Assert.Equal(prometheus, DurationText.Format(Duration.FromMilliseconds(milliseconds)));
        Assert.Equal(go, DurationText.FormatGo(Duration.FromMilliseconds(milliseconds)));
    }

    [Theory]
    [InlineData(1, "1ns")]
    [InlineData(1000, "1µs")]
    [InlineData(1100, "1.1µs")]
    [InlineData(2_200_000, "2.2ms")]
    [InlineData(-3_300_000_000, "-3.3s")]
    [InlineData(3_600_000_000_001, "1h0m0.000000001s")]
    public void FormatGo_writes_fractions(long nanoseconds, string text) =>
        Assert.Equal(text, DurationText.FormatGo(Duration.FromNanoseconds(nanoseconds)));

    [Fact]
    public void Format_refuses_negative_durations() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DurationText.Format(Duration.FromSeconds(-1)));

    [Fact]
    public void What_is_written_reads_back() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Select(ms => Duration.FromMilliseconds(ms * 37L)).ToArbitrary(), duration =>
            DurationText.Parse(DurationText.Format(duration)).Value == duration).QuickCheckThrowOnFailure();
}
