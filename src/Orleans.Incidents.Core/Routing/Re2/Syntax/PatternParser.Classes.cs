using Incidents.Routing.Re2.Unicode;

namespace Incidents.Routing.Re2.Syntax;

/// <summary><c>[…]</c>, <c>\pX</c>, <c>\d</c> and their kin.</summary>
internal sealed partial class PatternParser
{
    private void ParseClass()
    {
        var start = _pos++;
        var negated = Take('^');
        var set = new RuneSetBuilder();

        // A bracket is literal in first place.
        for (var first = true; first || AtEnd || Current != ']'; first = false)
        {
            if (AtEnd)
                throw Error("missing closing ]", start, _text.Length);
            if ((TryReadPosixClass() ?? TryReadClassEscape()) is { } named)
                set.Add(named);
            else
                ParseRange(set, start);
        }

        _pos++;
        Push(new OneNode(negated ? set.Build().Negate() : set.Build()));
    }

    private void ParseRange(RuneSetBuilder set, int classStart)
    {
        var start = _pos;
        var lo = ReadClassRune(classStart);
        var hi = lo;

        // A hyphen before the closing bracket is literal.
        if (_pos + 1 < _text.Length && Current == '-' && _text[_pos + 1] != ']')
        {
            _pos++;
            hi = ReadClassRune(classStart);
            if (hi < lo)
                throw Error("invalid character class range", start, _pos);
        }

        if (_flags.HasFlag(PatternFlags.FoldCase))
            set.AddFolded(lo, hi);
        else
            set.Add(lo, hi);
    }

    private int ReadClassRune(int classStart)
    {
        if (AtEnd)
            throw Error("missing closing ]", classStart, _text.Length);
        return Current == '\\' ? ReadEscapedRune() : NextRune();
    }

    /// <summary><c>[:name:]</c> or <c>[:^name:]</c>; anything that is not closed by <c>:]</c> is no such class.</summary>
    private RuneSet? TryReadPosixClass()
    {
        if (!_text.AsSpan(_pos).StartsWith("[:"))
            return null;
        var end = _text.IndexOf(":]", _pos + 2, StringComparison.Ordinal);
        if (end < 0)
            return null;
        var name = _text[(_pos + 2)..end];
        var negated = name.StartsWith('^');
        var set = NamedClasses.PosixNamed(negated ? name[1..] : name) ?? throw Error("invalid character class range", _pos, end + 2);
        _pos = end + 2;
        return Resolve(set, negated);
    }

    /// <summary><c>\d \D \s \S \w \W \pX \PX \p{…} \P{…}</c>, or <see langword="null"/> with nothing read.</summary>
    private RuneSet? TryReadClassEscape()
    {
        if (_pos + 1 >= _text.Length || Current != '\\')
            return null;
        var letter = _text[_pos + 1];
        if (letter is 'p' or 'P')
            return ReadUnicodeClass();
        if (NamedClasses.Perl(char.ToLowerInvariant(letter)) is not { } set)
            return null;
        _pos += 2;
        return Resolve(set, char.IsAsciiLetterUpper(letter));
    }

    private RuneSet ReadUnicodeClass()
    {
        var start = _pos;
        var negated = _text[_pos + 1] == 'P';
        _pos += 2;
        string name;
        if (Take('{'))
        {
            var end = _text.IndexOf('}', _pos);
            if (end < 0)
                throw Error("invalid character class range", start, _text.Length);
            name = _text[_pos..end];
            _pos = end + 1;
        }
        else
        {
            var nameStart = _pos;
            if (!AtEnd)
                NextRune();
            name = _text[nameStart.._pos];
        }

        if (name.StartsWith('^'))
            (name, negated) = (name[1..], !negated);
        var set = UnicodeClasses.Find(name) ?? throw Error("invalid character class range", start, _pos);
        return Resolve(set, negated);
    }

    private RuneSet Resolve(RuneSet set, bool negated)
    {
        if (_flags.HasFlag(PatternFlags.FoldCase))
            set = new RuneSetBuilder().AddFolded(set).Build();
        return negated ? set.Negate() : set;
    }
}
