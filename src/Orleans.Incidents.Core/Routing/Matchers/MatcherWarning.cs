using System.Collections.Immutable;

namespace Incidents.Routing.Matchers;

/// <summary>What is wrong with a text of matchers that fallback mode accepts all the same.</summary>
public enum MatcherDoubt
{
    /// <summary>Only the classic grammar reads it: it will stop working where the UTF-8 grammar alone is asked.</summary>
    OnlyClassic,

    /// <summary>Both grammars read it, and read different matchers; the classic ones stand.</summary>
    ReadTwoWays,
}

/// <summary>
/// A warning of fallback mode, as Alertmanager logs it (its matcher/compat package). The other two modes warn of nothing, and
/// neither is a text that only the UTF-8 grammar reads worth one: it has one meaning.
/// </summary>
/// <param name="Doubt">What is wrong.</param>
/// <param name="Suggestion">The matchers that stand, written so that both grammars read them alike.</param>
/// <param name="Detail">The UTF-8 grammar's error; empty where it has none.</param>
public sealed record MatcherWarning(MatcherDoubt Doubt, string Suggestion, string Detail)
{
    /// <summary>The warning that fallback mode gives of a list of matchers; <see langword="null"/>: none, or it refuses the text.</summary>
    public static MatcherWarning? Of(string text)
    {
        if (!MatcherParser.ParseAll(text, MatcherMode.Classic).TryGet(out var classic, out _))
            return null;
        var suggestion = string.Join(',', classic);
        if (!MatcherParser.ParseAll(text, MatcherMode.Utf8Strict).TryGet(out var utf8, out var error))
            return new MatcherWarning(MatcherDoubt.OnlyClassic, suggestion, error.ToString());
        return classic.SequenceEqual(utf8) ? null : new MatcherWarning(MatcherDoubt.ReadTwoWays, suggestion, "");
    }

    /// <summary>One line for a person.</summary>
    public override string ToString() => Doubt == MatcherDoubt.OnlyClassic
        ? $"only the classic grammar reads this ({Detail}); write {Suggestion}"
        : $"the two grammars read this differently, and the classic reading stands; write {Suggestion}";
}
