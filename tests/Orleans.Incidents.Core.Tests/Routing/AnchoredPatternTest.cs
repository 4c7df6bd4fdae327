using Incidents.Routing.Re2;
using Incidents.Routing.Re2.Execution;
using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing;

public sealed class AnchoredPatternTest
{
    [Theory]
    [InlineData("(?<=a)b", 0)]
    [InlineData(@"(a)\1", 3)]
    [InlineData("ab(?x)", 2)]
    [InlineData("(?'n'a)", 0)]
    [InlineData("(?P=n)", 0)]
    [InlineData("(?P<a b>x)", 0)]
    [InlineData("(?-)", 0)]
    [InlineData("(?i-)", 0)]
    [InlineData("a{2}{3}", 1)]
    [InlineData("a{3,2}", 1)]
    [InlineData("a{1000000000000}", 1)]
    [InlineData("[z-a]", 1)]
    [InlineData(@"\C", 0)]
    [InlineData(@"\pZz", -1)]
    [InlineData(@"\x{110000}", 0)]
    [InlineData(@"\xg0", 0)]
    [InlineData(@"\é", 0)]
    [InlineData("a|*", 2)]
    [InlineData(@"\Q\E*", 4)]
    [InlineData(@"\Qa", 0)]
    [InlineData("[a", 0)]
    public void Compile_refuses_what_RE2_refuses(string pattern, int offset)
    {
        var compiled = AnchoredPattern.Compile(pattern);
        Assert.Equal(offset < 0, compiled.IsValid);
        if (offset >= 0)
            Assert.Equal(offset, compiled.Error.Offset);
    }

    [Theory]
    [InlineData(@"a*(?i)*", "aA", false)]
    [InlineData(@"a(?i)b", "aB", true)]
    [InlineData(@"(a(?i)b)c", "aBC", false)]
    [InlineData(@"(?i)a|b", "B", true)]
    [InlineData(@"(?i)a(?-i)b", "Ab", true)]
    [InlineData(@"(?i)a(?-i)b", "AB", false)]
    [InlineData(@"\x41b", "Ab", true)]
    [InlineData(@"\x{41}b", "Ab", true)]
    [InlineData(@"\p{ASCII}+", "a1", true)]
    [InlineData(@"\p{Assigned}", "a", true)]
    [InlineData(@"\p{Assigned}", "\u0378", false)]
    [InlineData("a.+b.*", "a", false)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("a{01}", "a{01}", true)]
    [InlineData("{", "{", true)]
    [InlineData(@"\12", "\n", true)]
    [InlineData(@"\008", "\08", true)]
    [InlineData(@"[[:^alpha:]\d]+", "1-2", true)]
    [InlineData("[[:word:]-]+", "a_1-", true)]
    [InlineData("[[:alpha]", ":", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("(?<year>2)", "2", true)]
    [InlineData(@"\p{^Lu}", "a", true)]
    [InlineData(@"\P{^Lu}", "A", true)]
    [InlineData(@"\p{uppercase letter}", "A", true)]
    [InlineData(@"\p{Old_Italic}", "\U00010300", true)]
    [InlineData(@"\p{Han}{2}", "漢字", true)]
    [InlineData(@"(?i)\p{Lu}", "a", true)]
    [InlineData(@"(?i)[^k]", "\u212A", false)]
    [InlineData(@"(?i)ß", "ẞ", true)]
    [InlineData(@"(?i)σ", "ς", true)]
    [InlineData(@"(?i)\W", "ſ", false)]
    [InlineData("(?m)a$\n^b", "a\nb", true)]
    [InlineData("a$", "a\n", false)]
    [InlineData(@"a\z", "a", true)]
    [InlineData(@".\Ba", "aa", true)]
    [InlineData("(?U)a+?b", "aab", true)]
    [InlineData("[^a]", "\n", true)]
    [InlineData(".{2}", "🙂é", true)]
    [InlineData("(|a)+", "aaa", true)]
    [InlineData("((a{0,5}){0,5}){0,5}", "aaaaaaaaaaaaaaaaaaaa", true)]
    public void IsMatch_follows_RE2(string pattern, string value, bool matches) =>
        Assert.Equal(matches, AnchoredPattern.Compile(pattern).Value.IsMatch(value));

    [Fact]
    public void Half_a_surrogate_pair_is_a_replacement_character_in_a_value_and_an_error_in_a_pattern()
    {
        Assert.True(AnchoredPattern.Compile("\uFFFD").Value.IsMatch("\uD83D"));
        Assert.True(AnchoredPattern.Compile(".{3}").Value.IsMatch("🙂\uDE00\uD83D"));
        Assert.False(AnchoredPattern.Compile("a\uD83D").IsValid);
    }

    [Fact]
    public void Parentheses_may_leave_the_anchors_because_they_are_added_as_text()
    {
        var pattern = AnchoredPattern.Compile("a)|(b").Value;
        Assert.True(pattern.IsMatch("a and more"));
        Assert.True(pattern.IsMatch("more and b"));
        Assert.False(pattern.IsMatch("b and a, no"));
    }

    [Theory]
    [InlineData("api", PatternStrategy.Literals)]
    [InlineData("^(foo1|foo2|baz)$", PatternStrategy.Literals)]
    [InlineData("team-(B|C)", PatternStrategy.Literals)]
    [InlineData("us-(east|west)-[12]", PatternStrategy.Literals)]
    [InlineData(".*", PatternStrategy.Wildcards)]
    [InlineData(".+", PatternStrategy.Wildcards)]
    [InlineData("dev.*|test", PatternStrategy.Wildcards)]
    [InlineData(".*quux.*", PatternStrategy.Wildcards)]
    [InlineData(@"prod-\d+", PatternStrategy.Automaton)]
    [InlineData("(a.*b.*|.*c)+", PatternStrategy.Automaton)]
    public void Strategy_is_the_plainest_that_serves(string pattern, PatternStrategy strategy) =>
        Assert.Equal(strategy, AnchoredPattern.Compile(pattern).Value.Strategy);

    [Theory]
    [InlineData("(a*)*b")]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+b")]
    [InlineData("(.*)(.*)(.*)(.*)[^a]")]
    [InlineData("(a?){50}a{50}")]
    public void Work_grows_with_the_text_and_no_faster(string pattern)
    {
        var automaton = new Automaton(PatternParser.Parse($"^(?:{pattern})$"));
        automaton.IsMatch(new string('a', 1000), out var first);
        automaton.IsMatch(new string('a', 100_000), out var warm);
        Assert.InRange(first, 1, 50_000);
        Assert.InRange(warm, 1, 100_000 + 1000);
    }

    [Fact]
    public void Memory_is_bounded_and_the_answer_stays_right_beyond_it()
    {
        // Remembers the last 14 characters: 2^14 states, more than are kept.
        var automaton = new Automaton(PatternParser.Parse("^(?:[ab]*a[ab]{14})$"));
        var random = new Random(7);
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(_ => random.Next(2) == 0 ? 'a' : 'b'));
        var matches = automaton.IsMatch(text, out var work);
        Assert.Equal(text[^15] == 'a', matches);
        Assert.InRange(automaton.StateCount, 100, 4096);
        Assert.InRange(work, text.Length, 60L * text.Length);
    }

    [Theory]
    [InlineData("a{1000}", true)]
    [InlineData("(a{10}){100}", true)]
    [InlineData("(a{11}){100}", false)]
    [InlineData("(a{1000}){1000}", false)]
    [InlineData("((a{10}){10}){10,}", true)]
    [InlineData("(a{2,}){501}", false)]
    [InlineData("(a*){1000}", true)]
    public void Nested_counts_may_multiply_to_1000(string pattern, bool valid) =>
        Assert.Equal(valid, AnchoredPattern.Compile(pattern).IsValid);

    [Fact]
    public void Size_and_depth_are_limited()
    {
        Assert.Contains("too large", AnchoredPattern.Compile(string.Concat(Enumerable.Repeat("(xx?){1000}", 1000))).Error.Message, StringComparison.Ordinal);
        Assert.Contains("too deeply", AnchoredPattern.Compile(new string('(', 1000) + new string(')', 1000)).Error.Message, StringComparison.Ordinal);
        Assert.True(AnchoredPattern.Compile(new string('(', 900) + "a" + new string(')', 900)).Value.IsMatch("a"));
        Assert.True(AnchoredPattern.Compile(string.Concat(Enumerable.Repeat("(?:", 20_000)) + "a" + new string(')', 20_000)).Value.IsMatch("a"));
    }

    [Fact]
    public void Two_patterns_are_equal_when_they_are_written_alike()
    {
        Assert.Equal(AnchoredPattern.Compile("a|b").Value, AnchoredPattern.Compile("a|b").Value);
        Assert.NotEqual(AnchoredPattern.Compile("a|b").Value, AnchoredPattern.Compile("b|a").Value);
        Assert.False(AnchoredPattern.Compile("a").Value.Equals(null));
    }

    [Fact]
    public void One_pattern_serves_many_threads()
    {
        var pattern = AnchoredPattern.Compile(@"([a-z]+-)*\d{1,3}x?").Value;
        Parallel.For(0, 2000, i =>
        {
            Assert.True(pattern.IsMatch($"host-{(char)('a' + (i % 26))}-{i % 1000}x"));
            Assert.False(pattern.IsMatch($"host-{i % 1000}-"));
        });
    }
}
