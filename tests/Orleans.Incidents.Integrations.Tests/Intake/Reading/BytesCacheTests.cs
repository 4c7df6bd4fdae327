using System.Text;
using Incidents.Integrations.Intake.Reading;

namespace Incidents.Testing.Intake.Reading;

public class BytesCacheTests
{
    [Fact]
    public void A_value_is_kept_from_the_second_offer_on()
    {
        var cache = new BytesCache<string>(64, 16, 1000);
        Assert.False(Offer(cache, "a", "value a"));
        Assert.False(Offer(cache, "a", "value a"));
        Assert.True(cache.TryFind("a"u8, out _, out var value));
        Assert.Equal("value a", value);
    }

    [Fact]
    public void Values_that_keep_coming_in_turn_are_all_kept_in_the_end()
    {
        var cache = new BytesCache<string>(1024, 16, 1_000_000);
        var missed = 0;
        for (var turn = 0; turn < 50; turn++)
            missed = Enumerable.Range(0, 200).Count(i => !Offer(cache, $"k{i}", "x"));
        Assert.InRange(missed, 0, 10);
    }

    [Fact]
    public void Values_that_come_once_never_occupy_anything()
    {
        var cache = new BytesCache<string>(64, 16, 1000);
        for (var i = 0; i < 10_000; i++)
            Offer(cache, $"once {i}", "x");
        Assert.Equal(0, cache.Weight);
    }

    [Fact]
    public void A_key_over_its_limit_is_never_kept()
    {
        var cache = new BytesCache<string>(64, 4, 1000);
        for (var i = 0; i < 3; i++)
            Assert.False(Offer(cache, "12345", "x"));
        Assert.Equal(0, cache.Weight);
    }

    [Fact]
    public void The_weight_stays_bounded_and_every_hit_is_exact()
    {
        var cache = new BytesCache<string>(64, 16, 100);
        for (var i = 0; i < 2_000; i++)
        {
            var key = $"k{i % 300}";
            for (var again = 0; again < 2; again++)
                Offer(cache, key, key);
            Assert.InRange(cache.Weight, 0, 100);
            if (cache.TryFind(Encoding.UTF8.GetBytes(key), out _, out var value))
                Assert.Equal(key, value);
        }

        Assert.True(cache.Weight > 0);
    }

    [Fact]
    public void Keys_of_odd_and_even_length_are_told_apart()
    {
        var cache = new BytesCache<string>(1024, 64, 1_000_000);
        string[] keys = ["", "a", "ab", "abc", "abcd", "abce", "b", "\0", "\0\0", "\0\0\0"];
        foreach (var key in keys.SelectMany(key => new[] { key, key }))
            Offer(cache, key, key);
        Assert.All(keys, key => Assert.Equal(key, cache.TryFind(Encoding.UTF8.GetBytes(key), out _, out var value) ? value : null));
    }

    [Fact]
    public void A_value_that_spells_its_key_is_found_by_exactly_that_key()
    {
        var cache = new BytesCache<string>(64, 16, 1000, (value, key) => Encoding.UTF8.GetBytes(value).AsSpan().SequenceEqual(key));
        foreach (var (key, value) in new[] { ("same", "same"), ("same", "same"), ("other", "same"), ("other", "same") })
            Offer(cache, key, value);

        Assert.Equal("same", cache.TryFind("same"u8, out _, out var spelled) ? spelled : null);
        Assert.Equal("same", cache.TryFind("other"u8, out _, out var kept) ? kept : null);
        Assert.False(cache.TryFind("samf"u8, out _, out _));
    }

    [Fact]
    public void Many_threads_never_get_another_keys_value_and_leave_the_weight_true()
    {
        var cache = new BytesCache<string>(256, 16, 2_000);
        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 20_000; i++)
            {
                var key = $"k{random.Next(500)}";
                if (cache.TryFind(Encoding.UTF8.GetBytes(key), out var hash, out var value))
                    Assert.Equal(key, value);
                else
                    cache.Offer(Encoding.UTF8.GetBytes(key), hash, key, 10);
            }
        });
        var kept = Enumerable.Range(0, 500).Count(i => cache.TryFind(Encoding.UTF8.GetBytes($"k{i}"), out _, out _));
        Assert.InRange(cache.Weight, 10 * kept, 2_000);
    }

    private static bool Offer(BytesCache<string> cache, string key, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        if (cache.TryFind(bytes, out var hash, out _))
            return true;
        cache.Offer(bytes, hash, value, 10);
        return false;
    }
}
