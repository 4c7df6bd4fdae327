namespace Incidents.Routing.Re2.Syntax;

/// <summary>What follows a backslash.</summary>
internal sealed partial class PatternParser
{
    private void ParseEscapeItem()
    {
        var next = _pos + 1 < _text.Length ? _text[_pos + 1] : '\0';
        if (AssertionOf(next) is { } assertion)
        {
            _pos += 2;
            Push(new AssertNode(assertion));
        }
        else if (next == 'Q')
        {
            ParseQuoted();
        }
        else if (TryReadClassEscape() is { } set)
        {
            Push(new OneNode(set));
        }
        else
        {
            PushLiteral(ReadEscapedRune());
        }
    }

    private static Assertion? AssertionOf(char letter) => letter switch
    {
        'A' => Assertion.BeginText,
        'z' => Assertion.EndText,
        'b' => Assertion.WordBoundary,
        'B' => Assertion.NoWordBoundary,
        _ => null,
    };

    /// <summary><c>\Q…\E</c>: all literal. Without an end it takes the rest, closing parentheses included.</summary>
    private void ParseQuoted()
    {
        _pos += 2;
        var end = _text.IndexOf(@"\E", _pos, StringComparison.Ordinal);
        var stop = end < 0 ? _text.Length : end;
        while (_pos < stop)
            PushLiteral(NextRune());
        _pos = end < 0 ? stop : end + 2;
    }

    private int ReadEscapedRune()
    {
        var start = _pos++;
        var c = NextRune();
        switch (c)
        {
            case 'a': return '\a';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            case 'x': return ReadHex(start);
            case >= '1' and <= '7' when AtEnd || Current is < '0' or > '7':
                // One digit would be a back-reference, which no automaton can follow.
                throw Error("invalid escape sequence", start, _pos);
            case >= '0' and <= '7': return ReadOctal(c - '0');
            default:
                return c < 0x80 && !char.IsAsciiLetterOrDigit((char)c) ? c : throw Error("invalid escape sequence", start, _pos);
        }
    }

    private int ReadOctal(int value)
    {
        for (var digits = 1; digits < 3 && !AtEnd && Current is >= '0' and <= '7'; digits++)
            value = (value * 8) + _text[_pos++] - '0';
        return value;
    }

    /// <summary><c>\xHH</c> or <c>\x{H…}</c> up to 10FFFF.</summary>
    private int ReadHex(int start)
    {
        var braces = Take('{');
        int value = 0, digits = 0;
        while (!AtEnd && char.IsAsciiHexDigit(Current) && value <= RuneSet.MaxRune && (braces || digits < 2))
        {
            value = (value * 16) + Convert.ToInt32(Current.ToString(), 16);
            digits++;
            _pos++;
        }

        var complete = braces ? digits > 0 && value <= RuneSet.MaxRune && Take('}') : digits == 2;
        return complete ? value : throw Error("invalid escape sequence", start, Math.Min(_pos + 1, _text.Length));
    }
}
