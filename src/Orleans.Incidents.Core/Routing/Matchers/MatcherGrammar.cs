using System.Buffers;

namespace Incidents.Routing.Matchers;

/// <summary>What the grammars agree about: reserved characters and the names of labels.</summary>
public static class MatcherGrammar
{
    private static readonly SearchValues<char> Reserved = SearchValues.Create("{}!=~,\\\"'`");

    /// <summary>Whether a character ends an unquoted text in the UTF-8 grammar: white space or one of <c>{ } ! = ~ , \ " ' `</c>.</summary>
    public static bool IsReserved(char c) => char.IsWhiteSpace(c) || Reserved.Contains(c);

    /// <summary>Whether a text holds a reserved character.</summary>
    internal static bool NeedsQuotes(string text) => text.AsSpan().ContainsAny(Reserved) || text.Any(char.IsWhiteSpace);

    /// <summary>
    /// Whether a text can name a label. Classic: an ASCII letter or underscore, then letters, digits and underscores.
    /// Otherwise any text but the empty one.
    /// </summary>
    public static bool IsLabelName(string name, MatcherMode mode) =>
        name.Length > 0 && (mode != MatcherMode.Classic || (!char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')));
}
