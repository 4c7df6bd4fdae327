using Incidents.Routing.Re2.Execution;
using Incidents.Routing.Re2.Shapes;
using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2;

/// <summary>
/// A regular expression in RE2 syntax that must match a whole label value: <c>^(?:pattern)$</c>, as Alertmanager writes it,
/// taken literally (so <c>a)|(b</c> is a valid pattern). Works on code points; half of a surrogate pair counts as U+FFFD.
/// Time is linear in the value, whatever the pattern; memory is bounded. Immutable and thread-safe. Equal by pattern.
/// </summary>
public sealed class AnchoredPattern : IEquatable<AnchoredPattern>
{
    private const string Prefix = "^(?:";
    private const string Suffix = ")$";

    private readonly TextTest _test;

    private AnchoredPattern(string pattern, TextTest test)
    {
        Pattern = pattern;
        _test = test;
    }

    /// <summary>The pattern as it was written, without the anchors.</summary>
    public string Pattern { get; }

    /// <summary>How it is run.</summary>
    public PatternStrategy Strategy => _test.Strategy;

    /// <summary>
    /// Compiles a pattern. An error says what RE2 refuses (look-around, back-references, counts over 1000, …), with the place
    /// in the pattern. Refused too: a pattern whose repeats, written out, come to more than 131,072 steps (Go stops at three
    /// million), or one nested deeper than 1,000.
    /// </summary>
    public static Parsed<AnchoredPattern> Compile(string pattern)
    {
        try
        {
            var root = PatternParser.Parse(Prefix + pattern + Suffix);
            return Parsed.Of(new AnchoredPattern(pattern, ShapeFinder.Find(root) ?? new AutomatonTest(new Automaton(root))));
        }
        catch (PatternException e)
        {
            return Parsed.Failed<AnchoredPattern>(e.Message, Math.Clamp(e.Offset - Prefix.Length, 0, pattern.Length));
        }
    }

    /// <summary>Whether the whole value matches.</summary>
    public bool IsMatch(string value) => _test.IsMatch(value);

    /// <inheritdoc/>
    public bool Equals(AnchoredPattern? other) => other is not null && Pattern == other.Pattern;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AnchoredPattern);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Pattern, StringComparison.Ordinal);

    /// <summary>The pattern as it was written.</summary>
    public override string ToString() => Pattern;
}
