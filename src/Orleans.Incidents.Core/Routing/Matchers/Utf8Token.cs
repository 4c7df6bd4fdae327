namespace Incidents.Routing.Matchers;

/// <summary>Kinds of token in the UTF-8 grammar.</summary>
internal enum Utf8TokenKind
{
    End,
    OpenBrace,
    CloseBrace,
    Comma,
    Operator,
    Quoted,
    Unquoted,
}

/// <summary>A token: a part of the text, and the operator when it is one.</summary>
internal readonly record struct Utf8Token(Utf8TokenKind Kind, int Start, int End, MatchOperator Operator = MatchOperator.Equal);
