namespace Incidents.Routing.Re2.Syntax;

/// <summary>An immutable set of code points: ranges, both ends inclusive, ascending and never touching. Equal by content.</summary>
internal sealed class RuneSet : IEquatable<RuneSet>
{
    public const int MaxRune = 0x10FFFF;

    private readonly (int Lo, int Hi)[] _ranges;

    /// <summary>Takes ranges that are already ascending and apart; <see cref="RuneSetBuilder"/> makes them so.</summary>
    internal RuneSet((int Lo, int Hi)[] ranges)
    {
        _ranges = ranges;
        Count = ranges.Sum(r => r.Hi - r.Lo + 1);
    }

    /// <summary>Every code point: <c>(?s).</c>.</summary>
    public static RuneSet Any { get; } = new([(0, MaxRune)]);

    /// <summary>Every code point but the line feed: <c>.</c>.</summary>
    public static RuneSet NotNewline { get; } = new([(0, '\n' - 1), ('\n' + 1, MaxRune)]);

    /// <summary>The line feed alone.</summary>
    public static RuneSet Newline { get; } = new([('\n', '\n')]);

    /// <summary>What <c>\w</c> and <c>\b</c> call a word character: ASCII letters, digits and the underscore.</summary>
    public static RuneSet Word { get; } = new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);

    /// <summary>How many code points.</summary>
    public int Count { get; }

    public ReadOnlySpan<(int Lo, int Hi)> Ranges => _ranges;

    public bool Contains(int rune)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (rune < _ranges[middle].Lo)
                high = middle - 1;
            else if (rune > _ranges[middle].Hi)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    /// <summary>All other code points.</summary>
    public RuneSet Negate()
    {
        var rest = new List<(int, int)>(_ranges.Length + 1);
        var next = 0;
        foreach (var (lo, hi) in _ranges)
        {
            if (next < lo)
                rest.Add((next, lo - 1));
            next = hi + 1;
        }

        if (next <= MaxRune)
            rest.Add((next, MaxRune));
        return new RuneSet([.. rest]);
    }

    public bool Equals(RuneSet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    public override bool Equals(object? obj) => Equals(obj as RuneSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (lo, hi) in _ranges)
            hash.Add((lo, hi));
        return hash.ToHashCode();
    }
}
