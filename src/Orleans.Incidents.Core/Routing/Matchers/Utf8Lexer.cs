namespace Incidents.Routing.Matchers;

/// <summary>Cuts a text into the tokens of the UTF-8 grammar, one at a time, and tells where it cannot.</summary>
internal sealed class Utf8Lexer(string text)
{
    private int _at;

    /// <summary>Reads the next token; <see langword="null"/> and an error where none can begin.</summary>
    public Utf8Token? Next(out TextError error)
    {
        error = default;
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        if (_at >= text.Length)
            return new Utf8Token(Utf8TokenKind.End, text.Length, text.Length);
        switch (text[_at])
        {
            case '{':
                return Take(Utf8TokenKind.OpenBrace, 1);
            case '}':
                return Take(Utf8TokenKind.CloseBrace, 1);
            case ',':
                return Take(Utf8TokenKind.Comma, 1);
            case '=':
                return Follows('~') ? TakeOperator(MatchOperator.Matches) : TakeOperator(MatchOperator.Equal);
            case '!' when Follows('='):
                return TakeOperator(MatchOperator.NotEqual);
            case '!' when Follows('~'):
                return TakeOperator(MatchOperator.NotMatches);
            case '!':
                error = new TextError("expected '=' or '~' after '!'", _at);
                return null;
            case '"':
                return ScanQuoted(out error);
            case var c when MatcherGrammar.IsReserved(c):
                error = new TextError($"{c}: invalid input", _at);
                return null;
            default:
                return ScanUnquoted();
        }
    }

    private bool Follows(char c) => _at + 1 < text.Length && text[_at + 1] == c;

    private Utf8Token TakeOperator(MatchOperator op) => Take(Utf8TokenKind.Operator, op.Text().Length) with { Operator = op };

    private Utf8Token Take(Utf8TokenKind kind, int length)
    {
        _at += length;
        return new Utf8Token(kind, _at - length, _at);
    }

    private Utf8Token? ScanQuoted(out TextError error)
    {
        error = default;
        for (var end = _at + 1; end < text.Length; end++)
        {
            if (text[end] == '\\')
                end++;
            else if (text[end] == '"')
                return Take(Utf8TokenKind.Quoted, end + 1 - _at);
        }

        error = new TextError("missing end \"", _at);
        return null;
    }

    private Utf8Token ScanUnquoted()
    {
        var end = _at + 1;
        while (end < text.Length && !MatcherGrammar.IsReserved(text[end]))
            end++;
        return Take(Utf8TokenKind.Unquoted, end - _at);
    }
}
