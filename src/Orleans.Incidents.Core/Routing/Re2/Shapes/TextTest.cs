using System.Collections.Frozen;
using Incidents.Routing.Re2.Execution;

namespace Incidents.Routing.Re2.Shapes;

/// <summary>A compiled way to answer whether a text matches.</summary>
internal abstract class TextTest
{
    public abstract PatternStrategy Strategy { get; }

    public abstract bool IsMatch(string text);
}

/// <summary>Exactly one text.</summary>
internal sealed class OneTextTest(string only) : TextTest
{
    public override PatternStrategy Strategy => PatternStrategy.Literals;

    public override bool IsMatch(string text) => string.Equals(text, only, StringComparison.Ordinal);
}

/// <summary>Any of a set of texts.</summary>
internal sealed class AnyTextTest(IEnumerable<string> texts) : TextTest
{
    private readonly FrozenSet<string> _texts = texts.ToFrozenSet(StringComparer.Ordinal);

    public override PatternStrategy Strategy => PatternStrategy.Literals;

    public override bool IsMatch(string text) => _texts.Contains(text);
}

/// <summary>Any of a set of texts or of a few globs.</summary>
internal sealed class GlobsTest(string[] texts, Glob[] globs) : TextTest
{
    private readonly FrozenSet<string> _texts = texts.ToFrozenSet(StringComparer.Ordinal);

    public override PatternStrategy Strategy => PatternStrategy.Wildcards;

    public override bool IsMatch(string text)
    {
        if (_texts.Count > 0 && _texts.Contains(text))
            return true;
        foreach (var glob in globs)
        {
            if (glob.IsMatch(text))
                return true;
        }

        return false;
    }
}

/// <summary>Whatever the automaton says.</summary>
internal sealed class AutomatonTest(Automaton automaton) : TextTest
{
    public override PatternStrategy Strategy => PatternStrategy.Automaton;

    public override bool IsMatch(string text) => automaton.IsMatch(text);
}
