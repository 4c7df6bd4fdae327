using System.Text;
using Incidents.Integrations.Intake.Reading;
using NodaTime;
using NodaTime.Text;

namespace Incidents.Testing.Intake.Reading;

public class TimesTests
{
    [Theory]
    [InlineData("2026-11-22T10:41:08.850475Z", "2026-11-22T10:41:08.850475Z")]
    [InlineData("2020-02-06T00:17:58.432911368Z", "2020-02-06T00:17:58.432911368Z")]
    [InlineData("2016-08-01T13:27:08.008+03:00", "2016-08-01T10:27:08.008Z")]
    [InlineData("2017-08-03T15:17:37.804-04:00", "2017-08-03T19:17:37.804Z")]
    [InlineData("2015-07-17T08:42:58.315+0000", "2015-07-17T08:42:58.315Z")]
    [InlineData("2015-07-17T08:42:58-0530", "2015-07-17T14:12:58Z")]
    [InlineData("2015-07-17T08:42:58+02", "2015-07-17T06:42:58Z")]
    [InlineData("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01 00:00:00", "2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00", "2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00.5Z")]
    [InlineData("2026-01-01T00:00:00.123456789999999999Z", "2026-01-01T00:00:00.123456789Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("2024-02-29T23:59:59+23:59", "2024-02-29T00:00:59Z")]
    [InlineData("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z")]
    [InlineData("0001-01-01T01:00:00+01:00", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:58:59-00:01", "9999-12-31T23:59:59Z")]
    public void A_timestamp_is_read_to_the_nanosecond(string text, string instant)
    {
        var expected = InstantPattern.ExtendedIso.Parse(instant).Value;
        Assert.Equal(expected, Rfc3339.Read(text));
        Assert.Equal(expected, Rfc3339.Read(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-01-01")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-00-01T00:00:00Z")]
    [InlineData("2026-01-00T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-01-01T24:00:00Z")]
    [InlineData("2026-01-01T00:60:00Z")]
    [InlineData("2026-01-01T00:00:61Z")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("2026-01-01T00:00:00+24:00")]
    [InlineData("2026-01-01T00:00:00+00:60")]
    [InlineData("2026-01-01T00:00:00+0")]
    [InlineData("2026-01-01T00:00:00+00:")]
    [InlineData("2026-01-01T00:00:00Zx")]
    [InlineData(" 2026-01-01T00:00:00Z")]
    [InlineData("２０２６-01-01T00:00:00Z")]
    [InlineData("-026-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    public void What_is_no_timestamp_is_nothing(string text)
    {
        Assert.Null(Rfc3339.Read(text));
        Assert.Null(Rfc3339.Read(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("1767225600", "2026-01-01T00:00:00Z")]
    [InlineData("1767225600.123456789", "2026-01-01T00:00:00.123456789Z")]
    [InlineData("1767225600123", "2026-01-01T00:00:00.123Z")]
    [InlineData("1767225600123456", "2026-01-01T00:00:00.123456Z")]
    [InlineData("1767225600123456789", "2026-01-01T00:00:00.123456789Z")]
    [InlineData("1.7672256e9", "2026-01-01T00:00:00Z")]
    public void A_number_since_the_epoch_tells_its_unit_by_its_size(string text, string instant) =>
        Assert.Equal(InstantPattern.ExtendedIso.Parse(instant).Value, EpochTime.Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1e400")]
    [InlineData("100000000000000000000")]
    [InlineData("NaN")]
    public void What_is_no_time_since_the_epoch_is_nothing(string? text) => Assert.Null(EpochTime.Read(text));

    [Fact]
    public void Every_instant_is_read_back_at_any_offset()
    {
        var random = new Random(17);
        for (var i = 0; i < 2000; i++)
        {
            var instant = Instant.FromUtc(1, 1, 2, 0, 0) + Duration.FromNanoseconds((Int128)(random.NextDouble() * 3.15e20));
            var offset = Offset.FromSeconds(random.Next(-17 * 60, 17 * 60) * 60);
            var text = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss;FFFFFFFFFo<Z+HH:mm>").Format(instant.WithOffset(offset));
            Assert.Equal(instant, Rfc3339.Read(text));
        }
    }
}
