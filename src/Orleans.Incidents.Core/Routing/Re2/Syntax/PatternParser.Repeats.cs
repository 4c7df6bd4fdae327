namespace Incidents.Routing.Re2.Syntax;

/// <summary><c>* + ? {n} {n,} {n,m}</c>, greedy or not.</summary>
internal sealed partial class PatternParser
{
    /// <summary>The highest count, and the highest product of nested counts.</summary>
    private const int MaxRepeat = 1000;

    /// <summary>Stands for any number over all limits.</summary>
    private const int TooBig = int.MaxValue;

    private void ParseRepeat(int repeatStart)
    {
        var start = _pos;
        if (ReadRepeat() is not var (min, max))
        {
            // A brace that begins no count is a brace.
            _pos = start + 1;
            PushLiteral('{');
            return;
        }

        if (min > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max))
            throw Error("invalid repeat count", start, _pos);
        if (!AtEnd && Current == '?')
            _pos++;
        if (repeatStart >= 0)
            throw Error("invalid nested repetition operator", repeatStart, _pos);
        if (_frame.Sequence.Count == 0)
            throw Error("missing argument to repetition operator", start, _pos);

        var repeat = Checked(new RepeatNode(_frame.Sequence[^1], min, max));
        if ((min >= 2 || max >= 2) && !FitsIn(repeat, MaxRepeat))
            throw Error("invalid repeat count", start, _pos);
        _frame.Sequence[^1] = repeat;
        _repeatStart = start;
    }

    private (int Min, int Max)? ReadRepeat() => _text[_pos++] switch
    {
        '*' => (0, -1),
        '+' => (1, -1),
        '?' => (0, 1),
        _ => ReadCounts(),
    };

    private (int Min, int Max)? ReadCounts()
    {
        if (ReadNumber() is not { } min)
            return null;
        var max = min;
        if (Take(','))
        {
            if (Take('}'))
                return (min, -1);
            if (ReadNumber() is not { } upper)
                return null;
            max = upper;
        }

        return Take('}') ? (min, max) : null;
    }

    private bool Take(char c)
    {
        if (AtEnd || Current != c)
            return false;
        _pos++;
        return true;
    }

    /// <summary>A decimal number without leading zeros, or <see langword="null"/>.</summary>
    private int? ReadNumber()
    {
        var start = _pos;
        long value = 0;
        for (; !AtEnd && char.IsAsciiDigit(Current); _pos++)
            value = Math.Min(TooBig, (value * 10) + Current - '0');
        var length = _pos - start;
        return length == 0 || (length > 1 && _text[start] == '0') ? null : (int)value;
    }

    /// <summary>Whether nested counts multiply to no more than <paramref name="limit"/>.</summary>
    private static bool FitsIn(Node node, int limit)
    {
        switch (node)
        {
            case RepeatNode { Max: 0 }:
                return true;
            case RepeatNode repeat:
                var count = repeat.Max > 1 ? repeat.Max : repeat.Max < 0 ? Math.Max(1, repeat.Min) : 1;
                return count <= limit && FitsIn(repeat.Body, limit / count);
            case GroupNode group:
                return FitsIn(group.Body, limit);
            case ConcatNode concat:
                return concat.Parts.All(p => FitsIn(p, limit));
            case AlternateNode alternate:
                return alternate.Branches.All(b => FitsIn(b, limit));
            default:
                return true;
        }
    }
}
