namespace Incidents.Alerts;

public class LabelSetTests
{
    [Fact]
    public void Fingerprints_are_those_of_prometheus()
    {
        Assert.Equal("918ba11728233b87", LabelSet.Of("alertname", "Minimal").FingerprintText);
        Assert.Equal(
            "5dc1fef439cf2097",
            LabelSet.Of("severity", "critical", "job", "node", "instance", "node1:9100", "cluster", "prod-eu", "alertname", "HostDown").FingerprintText);
        Assert.Equal("cbf29ce484222325", LabelSet.Empty.FingerprintText);
    }

    // Short texts and long ones are hashed from different buffers.
    [Theory]
    [InlineData(1)]
    [InlineData(169)]
    [InlineData(170)]
    [InlineData(5000)]
    public void A_fingerprint_is_fnv_1a_over_texts_of_any_length(int length)
    {
        var value = new string('ü', length);
        var hash = 14695981039346656037UL;
        foreach (var b in (byte[])[.. "name"u8, 255, .. System.Text.Encoding.UTF8.GetBytes(value), 255])
            hash = unchecked((hash ^ b) * 1099511628211UL);
        Assert.Equal(hash, LabelSet.Of("name", value).Fingerprint);
    }

    [Fact]
    public void Two_sets_are_equal_only_when_they_hold_the_same_pairs()
    {
        Assert.NotEqual(LabelSet.Of("a", "1"), LabelSet.Of("a", "2"));

        // A known pair of texts with the same hash: the fingerprint alone does not make two sets equal.
        var (one, other) = (LabelSet.Of("8yn0iYCKYHlIj4-BwPqk", "1"), LabelSet.Of("GReLUrM4wMqfg9yzV3KQ", "1"));
        Assert.Equal(one.Fingerprint, other.Fingerprint);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Its_text_is_as_prometheus_writes_it() => Assert.Equal("{a=\"1\", b=\"2\"}", LabelSet.Of("b", "2", "a", "1").ToString());

    [Fact]
    public void A_name_without_a_value_is_refused() => Assert.Throws<ArgumentException>(() => LabelSet.Of("a", "1", "b"));

    [Fact]
    public void Names_are_ordered_by_code_point_as_their_utf8_bytes_are()
    {
        string[] names = ["a", "b", "ab", "ü", "\uD7FF", "\uE000", "\uFFFD", "\uFFFF", "\U00010000", "\U0010FFFF", "a\uFFFD", "a\U00010000"];
        var set = LabelSet.Of(names.Select(n => KeyValuePair.Create(n, "v")));
        var sorted = names.Order(Comparer<string>.Create((x, y) =>
            System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y))));
        Assert.Equal(sorted, set.Select(p => p.Key));
        Assert.All(names, n => Assert.Equal("v", set[n]));
    }

    [Fact]
    public void Of_equal_names_the_last_wins_and_an_empty_value_takes_the_label_away()
    {
        KeyValuePair<string, string>[] pairs = [new("b", "1"), new("a", "1"), new("b", "2"), new("a", ""), new("c", "")];
        Assert.Equal(LabelSet.Of("b", "2"), LabelSet.Of(pairs.AsSpan()));
        Assert.Equal(LabelSet.Of("b", "2"), LabelSet.Of(pairs.AsEnumerable()));
    }

    [Fact]
    public void Of_equal_names_that_are_already_in_order_the_last_wins_too() => Assert.Equal(LabelSet.Of("a", "2", "b", "1"), LabelSet.Of("a", "1", "a", "2", "b", "1"));

    [Fact]
    public void An_absent_label_is_not_found_and_reads_as_empty()
    {
        Assert.Equal("", LabelSet.Of("a", "1")["b"]);
        Assert.False(LabelSet.Of("a", "1").TryGet("b", out _));
    }

    [Fact]
    public void A_set_does_not_change_with_the_pairs_it_was_made_from()
    {
        KeyValuePair<string, string>[] pairs = [new("a", "1")];
        var set = LabelSet.Of(pairs.AsSpan());
        pairs[0] = new("a", "2");
        Assert.Equal("1", set["a"]);
    }

    [Fact]
    public void Without_labels_every_set_is_the_empty_one()
    {
        Assert.Same(LabelSet.Empty, LabelSet.Of(ReadOnlySpan<KeyValuePair<string, string>>.Empty));
        Assert.Same(LabelSet.Empty, LabelSet.Of("a", ""));
        Assert.Same(LabelSet.Empty, LabelSet.Of("a", "1").Only(["x"]));
    }

    [Fact]
    public void With_lays_the_other_set_over_this_one() =>
        Assert.Equal(LabelSet.Of("a", "2", "b", "1", "c", "3"), LabelSet.Of("a", "1", "b", "1").With(LabelSet.Of("a", "2", "c", "3")));

    [Fact]
    public void Only_keeps_the_listed_names_that_are_there() =>
        Assert.Equal(LabelSet.Of("a", "1"), LabelSet.Of("a", "1", "b", "1").Only(["a", "x"]));

    [Fact]
    public void The_fingerprint_text_is_made_once()
    {
        var set = LabelSet.Of("a", "1");
        Assert.Same(set.FingerprintText, set.FingerprintText);
    }
}
