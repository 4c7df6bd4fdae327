using FsCheck;
using FsCheck.Fluent;
using Incidents.Routing.Re2;
using Incidents.Routing.Re2.Execution;
using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing;

public sealed class PatternLawsTest
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1000);

    [Fact]
    public void Engine_agrees_with_trying_everything() =>
        Prop.ForAll(Sketch.Arbitrary, Sketch.Texts, (sketch, text) =>
            AnchoredPattern.Compile(sketch.Text).Value.IsMatch(text) == sketch.MatchesWhole(text)).Check(Many);

    [Fact]
    public void Plain_searches_agree_with_the_automaton()
    {
        var parts = Gen.Elements("a", "b", "é", "🙂", ".*", ".+", "(?s:.*)", "(a|ab)", "[ab]", "x?", "|", "(?i:k)", "^", "$", @"\n");
        var patterns = parts.ListOf().Select(p => string.Concat(p.Take(5))).ToArbitrary();
        var texts = Gen.Elements("a", "b", "é", "🙂", "x", "k", "\u212A", "\n", "ab").ListOf().Select(t => string.Concat(t.Take(6))).ToArbitrary();
        var direct = 0;
        Prop.ForAll(patterns, texts, (pattern, text) =>
        {
            if (!AnchoredPattern.Compile(pattern).TryGet(out var compiled, out _))
                return true;
            direct += compiled.Strategy == PatternStrategy.Automaton ? 0 : 1;
            return compiled.IsMatch(text) == new Automaton(PatternParser.Parse($"^(?:{pattern})$")).IsMatch(text);
        }).Check(Many);
        Assert.True(direct > 300, $"only {direct} patterns took the direct way");
    }

    [Fact]
    public void Any_text_is_refused_or_compiled_and_run()
    {
        var parts = Gen.Elements("(", ")", "[", "]", "[^", "{", "}", "{2,", "\\", "\\Q", "\\E", "\\p{", "(?", "(?P<", ">", "*", "+", "?", "|", "a", "-", ":", "0", "7", "\uD83D", "🙂");
        Prop.ForAll(parts.ListOf().Select(string.Concat).ToArbitrary(), pattern =>
        {
            var compiled = AnchoredPattern.Compile(pattern);
            return compiled.TryGet(out var value, out var error)
                ? value.IsMatch("a") == new Automaton(PatternParser.Parse($"^(?:{pattern})$")).IsMatch("a")
                : error.Message.Length > 0 && error.Offset >= 0 && error.Offset <= pattern.Length;
        }).Check(Many);
    }
}
