using System.Text;
using Incidents.Alerts;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Testing.Intake.Reading;

/// <summary>The same bytes give the same object, and bytes that only look alike never another's.</summary>
public class LabelSetCacheTests
{
    [Theory]
    [InlineData("""{"cache_a":"1","cache_b":"2"}""")]
    [InlineData("""{"cache_b":"2","cache_a":"1"}""")]
    [InlineData("""{ "cache_a": "1", "cache_b": "2" }""")]
    [InlineData("""{"cache_a":"\u0031","cache_b":"2"}""")]
    [InlineData("""{"cache_a":"1","cache_b":"2","cache_c":""}""")]
    public void Labels_that_keep_coming_are_one_object_however_they_are_written(string json)
    {
        var set = LabelSet.Of("cache_a", "1", "cache_b", "2");

        Assert.Same(set, Kept(json, set));
    }

    [Fact]
    public void A_quote_in_a_value_is_not_the_end_of_it()
    {
        var two = LabelSet.Of("quote_a", "x", "quote_b", "y");
        var one = LabelSet.Of("quote_a", "x\",\"quote_b\":\"y");

        Assert.Same(one, Kept("""{"quote_a":"x\",\"quote_b\":\"y"}""", one));
        Assert.Same(two, Kept("""{"quote_a":"x","quote_b":"y"}""", two));
        Assert.Same(one, Found("""{"quote_a":"x\",\"quote_b\":\"y"}"""));
    }

    [Fact]
    public void Text_beyond_ascii_is_found_by_its_own_bytes()
    {
        var set = LabelSet.Of("wide", "größer");

        Assert.Same(set, Kept("""{"wide":"größer"}""", set));
        Assert.Null(Found("""{"wide":"grösser"}"""));
    }

    [Fact]
    public void What_goes_on_behind_the_last_pair_is_another_set()
    {
        var set = LabelSet.Of("end_a", "1");

        Assert.Same(set, Kept("""{"end_a":"1"}""", set));
        Assert.Null(Found("""{"end_a":"1"} """));
        Assert.Null(Found("""{"end_a":"1","end_b":"2"}"""));
        Assert.Null(Found("""{"end_a":"1"""));
    }

    private static LabelSet? Kept(string json, LabelSet set)
    {
        for (var i = 0; i < 2; i++)
        {
            _ = LabelSetCache.Find(Encoding.UTF8.GetBytes(json), out var hash);
            LabelSetCache.Offer(Encoding.UTF8.GetBytes(json), hash, set);
        }

        return Found(json);
    }

    private static LabelSet? Found(string json) => LabelSetCache.Find(Encoding.UTF8.GetBytes(json), out _);
}
