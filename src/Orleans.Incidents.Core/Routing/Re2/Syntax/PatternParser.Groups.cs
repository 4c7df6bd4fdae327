namespace Incidents.Routing.Re2.Syntax;

/// <summary>Parentheses: groups, named groups, and flags.</summary>
internal sealed partial class PatternParser
{
    private void OpenGroup()
    {
        if (_pos + 1 < _text.Length && _text[_pos + 1] == '?')
        {
            OpenPerlGroup();
            return;
        }

        _pos++;
        PushFrame(isCapture: true);
    }

    private void PushFrame(bool isCapture)
    {
        _frames.Push(_frame);
        _frame = new Frame(_flags, isCapture);
    }

    private void CloseGroup()
    {
        if (_frames.Count == 0)
            throw Error("unexpected )", 0, _text.Length);
        _pos++;
        var closed = _frame;
        _frame = _frames.Pop();
        _flags = closed.FlagsBefore;
        var body = Close(closed);
        Push(closed.IsCapture ? new GroupNode(body) : body);
    }

    /// <summary><c>(?P&lt;name&gt;…)</c>, <c>(?&lt;name&gt;…)</c>, <c>(?flags)</c> or <c>(?flags:…)</c>; everything else after <c>(?</c> is refused.</summary>
    private void OpenPerlGroup()
    {
        var rest = _text.AsSpan(_pos + 2);
        if (rest.StartsWith("P<") && rest.Length > 2)
            OpenNamedGroup(4);
        else if (rest.StartsWith("<") && rest.Length > 1)
            OpenNamedGroup(3);
        else
            ParseFlags();
    }

    private void OpenNamedGroup(int nameOffset)
    {
        var end = _text.IndexOf('>', _pos);
        if (end < 0)
            throw Error("invalid named capture", _pos, _text.Length);
        var name = _text.AsSpan(_pos + nameOffset, end - _pos - nameOffset);
        if (name.IsEmpty || name.ContainsAnyExcept(CaptureNameCharacters))
            throw Error("invalid named capture", _pos, end + 1);
        _pos = end + 1;
        PushFrame(isCapture: true);
    }

    private void ParseFlags()
    {
        var start = _pos;
        var flags = _flags;
        bool negative = false, sawFlag = false;
        _pos += 2;
        while (!AtEnd)
        {
            var c = NextRune();
            if (c is ':' or ')' && (!negative || sawFlag))
            {
                if (c == ':')
                    PushFrame(isCapture: false);
                _flags = flags;
                return;
            }

            if (c == '-' && !negative)
                (negative, sawFlag) = (true, false);
            else if (FlagOf(c) is { } flag)
                (flags, sawFlag) = (negative ? flags & ~flag : flags | flag, true);
            else
                break;
        }

        throw Error("invalid or unsupported Perl syntax", start, _pos);
    }

    private static PatternFlags? FlagOf(int letter) => letter switch
    {
        'i' => PatternFlags.FoldCase,
        'm' => PatternFlags.MultiLine,
        's' => PatternFlags.DotNewline,
        'U' => PatternFlags.None,
        _ => null,
    };

    private static readonly System.Buffers.SearchValues<char> CaptureNameCharacters =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
}
