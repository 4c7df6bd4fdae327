using Incidents.Server.Metrics.Format;

namespace Incidents.Server.Tests.Metrics;

public class NamesAndLabelsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("s", "seconds")]
    [InlineData("ms", "milliseconds")]
    [InlineData("By", "bytes")]
    [InlineData("By/s", "bytes_per_second")]
    [InlineData("m/s", "meters_per_second")]
    [InlineData("{alert}/m", "per_minute")]
    [InlineData("1", "")]
    [InlineData("%", "percent")]
    [InlineData("{alert}", "")]
    [InlineData("By{read}", "bytes")]
    [InlineData("a{b}c{d}e", "ace")]
    [InlineData("{open", "open")]
    [InlineData("s/", "s")]
    [InlineData("# RU", "RU")]
    [InlineData("widgets per day", "widgets_per_day")]
    public void Word_OfAUnit_IsPrometheusSpelling(string unit, string word) => Assert.Equal(word, MetricUnit.Word(unit));

    [Theory]
    [InlineData("turns", "", true, "turns_total", "turns", "turns_total")]
    [InlineData("turns_total", "", true, "turns_total", "turns", "turns_total")]
    [InlineData("db.bytes_total", "bytes", true, "db_bytes_total", "db_bytes", "db_bytes_total")]
    [InlineData("flush", "seconds", false, "flush_seconds", "flush_seconds", "flush_seconds")]
    [InlineData("flush.seconds", "seconds", false, "flush_seconds", "flush_seconds", "flush_seconds")]
    [InlineData("a..b--c__d", "", false, "a_b_c_d", "a_b_c_d", "a_b_c_d")]
    [InlineData("ns:größe", "", false, "ns:gr_e", "ns:gr_e", "ns:gr_e")]
    [InlineData("2xx", "", false, "_xx", "_xx", "_xx")]
    [InlineData("rate.per.second", "per_second", false, "rate_per_second", "rate_per_second_per_second", "rate_per_second_per_second")]
    public void Of_AnInstrument_IsTheOriginalsNameInEachFormat(
        string name, string unit, bool counter, string text, string openMetricsFamily, string openMetricsSample)
    {
        Assert.Equal(new MetricName(text, text), MetricName.Of(name, unit, counter, openMetrics: false));
        Assert.Equal(new MetricName(openMetricsFamily, openMetricsSample), MetricName.Of(name, unit, counter, openMetrics: true));
    }

    [Theory]
    [InlineData("", "_")]
    [InlineData("a.b", "a_b")]
    [InlineData("a.-b", "a_b")]
    [InlineData("a__b", "a__b")]
    [InlineData("a_.b", "a_b")]
    [InlineData("ns:a", "ns_a")]
    [InlineData("1st", "_1st")]
    [InlineData("-1", "_1")]
    [InlineData("é", "_")]
    public void Clean_AttributeName_IsALabelName(string key, string name) => Assert.Equal(name, Labels.Clean(key));

    [Theory]
    [InlineData("a\"b", @"a\""b")]
    [InlineData(@"a\b", @"a\\b")]
    [InlineData("a\nb", @"a\nb")]
    [InlineData("a\\nb", @"a\\nb")]
    [InlineData("ü€😀\t", "ü€😀\t")]
    public void ToText_Value_IsEscaped(string value, string escaped) =>
        Assert.Equal($"k=\"{escaped}\"", new Labels().Add("k", value).ToText());

    public static TheoryData<object?, string> Values => new()
    {
        { null, "" }, { true, "true" }, { 1L, "1" }, { 1.0, "1.0" }, { 0.5f, "0.5" }, { 1e6, "1e+06" }, { 12.50m, "12.50" }, { DayOfWeek.Monday, "Monday" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void ToText_ValueThatIsNoText_IsWrittenInvariantly(object? value, string text) =>
        Assert.Equal($"k=\"{text}\"", new Labels().Add("k", value).ToText());

    [Fact]
    public void ToText_TwoAttributesOfOneLabelName_AreJoinedInTheOrderOfTheirNames() =>
        Assert.Equal("a_b=\"1;2\",c=\"3\"", new Labels().Add("a_b", "2").Add("c", "3").Add("a.b", "1").ToText());

    [Fact]
    public void Add_ReservedName_IsLeftOut() => Assert.Equal("a=\"1\"", new Labels().Add("le", "x", "le").Add("a", "1", "le").ToText());

    [Fact]
    public void ToText_LabelsBeyondTheLimit_AreLeftOutWhole() =>
        Assert.Equal("a=\"😀😀\",c=\"1\"", new Labels().Add("a", "😀😀").Add("b", "12345").Add("c", "1").ToText(maxRunes: 5));

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(-0.0, "0.0")]
    [InlineData(1, "1.0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(0.000025, "2.5e-05")]
    [InlineData(100000, "100000.0")]
    [InlineData(123456, "123456.0")]
    [InlineData(999999.5, "999999.5")]
    [InlineData(1000000, "1e+06")]
    [InlineData(1234567.5, "1.2345675e+06")]
    [InlineData(1e20, "1e+20")]
    [InlineData(1.5e-300, "1.5e-300")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Canonical_Number_IsGosRendering(double value, string text) => Assert.Equal(text, Numbers.Canonical(value));

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(101.17, "101.17")]
    [InlineData(1e17, "1E+17")]
    [InlineData(0.00001, "1E-05")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Value_Number_IsTheShortestThatReadsBack(double value, string text) => Assert.Equal(text, Numbers.Value(value));
}
