using Incidents.Load.Measures;

namespace Incidents.Load.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void An_empty_histogram_reads_zero() => Assert.Equal(0, new Histogram().Percentile(0.99));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    [InlineData(0.001, 1)]
    public void Small_values_are_exact(double share, long expected)
    {
        var histogram = new Histogram();
        for (var value = 100; value >= 1; value--)
            histogram.Record(value);
        Assert.Equal(expected, histogram.Percentile(share));
    }

    [Fact]
    public void A_reading_is_never_below_the_true_value_and_at_most_one_64th_above()
    {
        for (var value = 1L; value < Histogram.Largest / 3; value = (value * 3 / 2) + 1)
        {
            var histogram = new Histogram();
            histogram.Record(value);
            histogram.Record(Histogram.Largest);
            Assert.InRange(histogram.Percentile(0.5), value, value + (value / 64));
        }
    }

    [Fact]
    public void Every_doubling_begins_where_the_one_before_ended()
    {
        for (var edge = 128L; edge < Histogram.Largest / 2; edge *= 2)
        {
            var histogram = new Histogram();
            histogram.Record(edge - 1);
            histogram.Record(edge);
            Assert.Equal(edge - 1, histogram.Percentile(0.5));
            Assert.Equal(edge, histogram.Percentile(1));
        }
    }

    [Fact]
    public void Values_beyond_the_range_count_as_its_ends()
    {
        var histogram = new Histogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);
        Assert.Equal(0, histogram.Percentile(0.5));
        Assert.Equal(Histogram.Largest, histogram.Percentile(1));
    }

    [Fact]
    public void Two_histograms_added_read_as_one()
    {
        var (left, right) = (new Histogram(), new Histogram());
        left.Record(10);
        right.Record(20);
        right.Record(30);
        left.Add(right);
        Assert.Equal((3, 20, 30), (left.Count, left.Percentile(0.5), left.Max));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    public void A_share_outside_zero_to_one_is_an_error(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Histogram().Percentile(share));
}
