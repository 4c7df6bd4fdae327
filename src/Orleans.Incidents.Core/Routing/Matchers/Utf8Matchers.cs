using System.Collections.Immutable;

namespace Incidents.Routing.Matchers;

/// <summary>
/// The UTF-8 grammar (Alertmanager's <c>matcher/parse</c>): <c>name op value</c>, parted by commas, one trailing comma
/// allowed; braces around the whole both or neither; names and values quoted as in Go, or free of reserved characters.
/// </summary>
internal sealed class Utf8Matchers
{
    private readonly string _text;
    private readonly Utf8Lexer _lexer;
    private readonly ImmutableArray<Matcher>.Builder _matchers = ImmutableArray.CreateBuilder<Matcher>();
    private Utf8Token _token;
    private TextError? _error;

    private Utf8Matchers(string text)
    {
        _text = text;
        _lexer = new Utf8Lexer(text);
        Advance();
    }

    public static Parsed<ImmutableArray<Matcher>> Parse(string text)
    {
        var parser = new Utf8Matchers(text);
        parser.ParseAll();
        return parser._error is { } error
            ? Parsed.Failed<ImmutableArray<Matcher>>(error.Message, error.Offset)
            : Parsed.Of(parser._matchers.DrainToImmutable());
    }

    private void ParseAll()
    {
        var braced = Accept(Utf8TokenKind.OpenBrace);
        while (_error is null && _token.Kind is not (Utf8TokenKind.End or Utf8TokenKind.CloseBrace))
        {
            ParseMatcher();
            if (!Accept(Utf8TokenKind.Comma))
                break;
            if (_token.Kind is not (Utf8TokenKind.End or Utf8TokenKind.CloseBrace or Utf8TokenKind.Quoted or Utf8TokenKind.Unquoted))
                Fail("expected a matcher or close brace after comma");
        }

        if (braced && !Accept(Utf8TokenKind.CloseBrace))
            Fail(_matchers.Count > 0 && _token.Kind != Utf8TokenKind.End ? "expected a comma or close brace" : "expected close brace");
        if (_token.Kind != Utf8TokenKind.End)
            Fail(_token.Kind == Utf8TokenKind.CloseBrace && !braced ? "expected opening brace" : "expected end of input");
    }

    private void ParseMatcher()
    {
        var name = ReadText("expected label name");
        var op = _token.Operator;
        if (!Accept(Utf8TokenKind.Operator))
            Fail("expected an operator such as '=', '!=', '=~' or '!~'");
        var start = _token.Start;
        var value = ReadText("expected label value");
        if (_error is not null)
            return;
        if (Matcher.Create(name, op, value).TryGet(out var matcher, out var error))
            _matchers.Add(matcher);
        else
            _error = error with { Offset = start };
    }

    private string ReadText(string expectation)
    {
        var token = _token;
        if (Accept(Utf8TokenKind.Unquoted))
            return _text[token.Start..token.End];
        if (!Accept(Utf8TokenKind.Quoted))
        {
            Fail(expectation);
            return "";
        }

        var literal = _text[token.Start..token.End];
        if (GoQuote.Unquote(literal) is { } text)
            return text;
        _error ??= new TextError($"{literal}: invalid input", token.Start);
        return "";
    }

    private bool Accept(Utf8TokenKind kind)
    {
        if (_error is not null || _token.Kind != kind)
            return false;
        Advance();
        return true;
    }

    private void Advance()
    {
        if (_lexer.Next(out var error) is { } token)
            _token = token;
        else
            _error = error;
    }

    /// <summary>The first error stands; what follows from it is not told.</summary>
    private void Fail(string expectation) => _error ??= new TextError($"{Found}: {expectation}", _token.Start);

    private string Found => _token.Kind == Utf8TokenKind.End ? "end of input" : $"unexpected {_text[_token.Start.._token.End]}";
}
