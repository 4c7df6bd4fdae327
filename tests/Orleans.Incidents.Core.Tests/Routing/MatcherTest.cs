using FsCheck;
using FsCheck.Fluent;
using Incidents.Alerts;
using Incidents.Routing.Matchers;

namespace Incidents.Routing;

public sealed class MatcherTest
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static readonly Gen<string> Texts = Gen.Elements("a", "b", "0", "_", "\"", "\\", "\n", "\t", " ", ",", "{", "}", "=", "~", "!", "'", "`", "é", "🙂", "\u00A0", "\u0001", "\u2028")
        .ListOf().Select(parts => string.Concat(parts.Take(6)));

    private static Gen<Matcher> Matchers(Gen<string> names) =>
        from name in names
        from op in Gen.Elements(MatchOperator.Equal, MatchOperator.NotEqual)
        from value in Texts
        select Matcher.Create(name, op, value).Value;

    [Fact]
    public void Canonical_text_parses_back_to_the_same_matcher()
    {
        var matchers = Matchers(Texts.Where(t => t.Length > 0));
        Prop.ForAll(matchers.ToArbitrary(), m => MatcherParser.ParseOne(m.ToString(), MatcherMode.Utf8Strict).Value.Equals(m)).Check(Many);
    }

    [Fact]
    public void Classic_names_survive_the_default_mode()
    {
        var matchers = Matchers(Gen.Elements("a", "_x1", "job"));
        Prop.ForAll(matchers.ListOf(5).ToArbitrary(), list =>
            MatcherParser.ParseAll("{" + string.Join(',', list) + "}").Value.SequenceEqual(list)).Check(Many);
    }

    [Fact]
    public void Any_text_is_refused_with_a_place_or_parsed_in_every_mode() =>
        Prop.ForAll(Texts.ToArbitrary(), text => Enum.GetValues<MatcherMode>().All(mode =>
        {
            var parsed = MatcherParser.ParseAll("a=" + text, mode);
            return parsed.IsValid || (parsed.Error.Offset >= 0 && parsed.Error.Offset <= text.Length + 2);
        })).Check(Many);

    [Theory]
    [InlineData(@"a=""\141\x62\u00e9\U0001f642\a""", "abé🙂\a")]
    [InlineData(@"a=""\""\\""", "\"\\")]
    public void Utf8_grammar_reads_Go_literals(string text, string value) =>
        Assert.Equal(value, MatcherParser.ParseOne(text, MatcherMode.Utf8Strict).Value.Value);

    [Theory]
    [InlineData(@"a=""\'""")]
    [InlineData(@"a=""\400""")]
    [InlineData(@"a=""\128""")]
    [InlineData(@"a=""\ud800""")]
    [InlineData(@"a=""\U00110000""")]
    [InlineData(@"a=""\x8""")]
    [InlineData(@"a=""\q""")]
    [InlineData("a=\"x\ny\"")]
    [InlineData("a=b c=d")]
    [InlineData("a=b,,")]
    [InlineData("a=b,}")]
    [InlineData("{a=b},")]
    [InlineData("a~b")]
    public void Utf8_grammar_refuses(string text) => Assert.False(MatcherParser.ParseAll(text, MatcherMode.Utf8Strict).IsValid);

    [Theory]
    [InlineData("a=b,c!d", MatcherMode.Utf8Strict, 5)]
    [InlineData("a=b, c!d", MatcherMode.Classic, 5)]
    [InlineData("a=b, c!d,e=f", MatcherMode.Classic, 5)]
    [InlineData("{a=b,c=\"d}", MatcherMode.Classic, 7)]
    [InlineData("a=~\"(\"", MatcherMode.Utf8Strict, 3)]
    public void An_error_tells_the_place(string text, MatcherMode mode, int offset) =>
        Assert.Equal(offset, MatcherParser.ParseAll(text, mode).Error.Offset);

    [Theory]
    [InlineData(@"a=""\x62""", @"\x62")]
    [InlineData("a=b\\n", "b\n")]
    [InlineData("é=b", "b")]
    public void Fallback_prefers_the_classic_reading_and_takes_the_other_where_only_it_accepts(string text, string value) =>
        Assert.Equal(value, MatcherParser.ParseOne(text).Value.Value);

    [Fact]
    public void Fallback_reads_lists_that_only_one_of_the_grammars_accepts_and_else_tells_the_classic_error()
    {
        Assert.Equal("é", MatcherParser.ParseAll("é=b").Value[0].Name);
        Assert.StartsWith("bad matcher format", MatcherParser.ParseAll("foo!bar").Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x1=a", true)]
    [InlineData("1x=a", false)]
    public void Classic_names_may_hold_digits_but_not_begin_with_one(string text, bool valid) => Assert.Equal(valid, MatcherParser.ParseOne(text, MatcherMode.Classic).IsValid);

    [Theory]
    [InlineData("{a=b", 0)]
    [InlineData("a=b}", 3)]
    public void Fallback_refuses_a_brace_at_either_end(string text, int offset) => Assert.Equal(offset, MatcherParser.ParseOne(text).Error.Offset);

    [Fact]
    public void Two_matchers_are_equal_when_name_operator_and_value_are()
    {
        var matcher = Matcher.EqualTo("a", "1");
        Assert.Equal(Matcher.EqualTo("a", "1"), matcher);
        Assert.NotEqual(Matcher.EqualTo("b", "1"), matcher);
        Assert.NotEqual(Matcher.EqualTo("a", "2"), matcher);
        Assert.NotEqual(Matcher.Create("a", MatchOperator.NotEqual, "1").Value, matcher);
        Assert.False(matcher.Equals(null));
    }

    // One character of each category that Go does not print, and two that it does.
    [Theory]
    [InlineData("{\a\b\f\r\t\v\u0001\u007f", @"""{\a\b\f\r\t\v\x01\x7f""")]
    [InlineData("{ é🙂", @"""{ é🙂""")]
    [InlineData("{\u0085\u00a0\u200b\u2028\u2029\ue000\u0378", @"""{\u0085\u00a0\u200b\u2028\u2029\ue000\u0378""")]
    [InlineData("{\U000e0001", @"""{\U000e0001""")]
    public void A_name_that_needs_quotes_is_written_as_Go_does(string name, string written) =>
        Assert.Equal(written + @"=""v""", Matcher.EqualTo(name, "v").ToString());

    [Fact]
    public void Fallback_refuses_braces_around_a_single_matcher()
    {
        Assert.False(MatcherParser.ParseOne("{a=b}").IsValid);
        Assert.True(MatcherParser.ParseOne("{a=b}", MatcherMode.Utf8Strict).IsValid);
    }

    [Theory]
    [InlineData("foo=!bar", MatcherDoubt.OnlyClassic, "foo=\"!bar\"")]
    [InlineData("{foo=!bar,bar=$baz\\n}", MatcherDoubt.OnlyClassic, "foo=\"!bar\",bar=\"$baz\\n\"")]
    [InlineData("a=\"\\x62\"", MatcherDoubt.ReadTwoWays, "a=\"\\\\x62\"")]
    public void Fallback_warns_of_what_the_grammars_do_not_read_alike(string text, MatcherDoubt doubt, string suggestion)
    {
        var warning = MatcherWarning.Of(text)!;
        Assert.Equal((doubt, suggestion), (warning.Doubt, warning.Suggestion));
        Assert.EndsWith($"write {suggestion}", warning.ToString(), StringComparison.Ordinal);
        Assert.Null(MatcherWarning.Of(warning.Suggestion));
        Assert.Equal(MatcherParser.ParseAll(text).Value, MatcherParser.ParseAll(suggestion).Value);
    }

    [Theory]
    [InlineData("{foo=bar,bar=baz}")]
    [InlineData("foo🙂=bar")]
    [InlineData("foo!bar")]
    public void Fallback_warns_of_nothing_that_has_one_reading_or_none(string text) => Assert.Null(MatcherWarning.Of(text));

    [Fact]
    public void Fallback_takes_the_suggestion_for_the_same_in_every_mode() =>
        Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            var warning = MatcherWarning.Of("a=" + text);
            return warning is null || Enum.GetValues<MatcherMode>().All(mode =>
                MatcherParser.ParseAll(warning.Suggestion, mode).Value.SequenceEqual(MatcherParser.ParseAll("a=" + text).Value));
        }).Check(Many);

    [Fact]
    public void Absent_label_has_the_empty_value()
    {
        Assert.True(Matcher.Create("a", MatchOperator.Matches, ".*").Value.Matches(LabelSet.Empty));
        Assert.False(Matcher.Create("a", MatchOperator.Matches, ".+").Value.Matches(LabelSet.Empty));
        Assert.True(Matcher.Create("a", MatchOperator.NotMatches, "x|y").Value.Matches(LabelSet.Empty));
    }
}
