namespace Incidents.Routing.Re2.Execution;

/// <summary>What stands beside a place in the text.</summary>
[Flags]
internal enum Beside
{
    /// <summary>A character of no special kind.</summary>
    Other = 0,

    /// <summary>The edge of the text.</summary>
    Edge = 1,

    /// <summary>A line feed.</summary>
    Newline = 2,

    /// <summary>A word character.</summary>
    Word = 4,
}

/// <summary>
/// A set of places in the program that are reached together: one state of the deterministic automaton. Immutable but for
/// the transitions found so far, which any thread may fill in: all would write the same.
/// </summary>
internal sealed class DfaState(int[] places, Beside before, bool isMatch) : IEquatable<DfaState>
{
    private DfaState?[]? _next;
    private volatile int _atEnd;

    /// <summary>Places that take a character or wait for what comes next, ascending.</summary>
    public int[] Places { get; } = places;

    /// <summary>What stands before; only kept where a place depends on it.</summary>
    public Beside Before { get; } = before;

    /// <summary>Whether the pattern has matched, whatever follows.</summary>
    public bool IsMatch { get; } = isMatch;

    /// <summary>Whether the pattern matches if the text ends here; <see langword="null"/> while not worked out.</summary>
    public bool? MatchesAtEnd
    {
        get => _atEnd == 0 ? null : _atEnd == 1;
        set => _atEnd = value is null ? 0 : value.Value ? 1 : 2;
    }

    /// <summary>The known state after a symbol.</summary>
    public DfaState? Next(int symbol) => _next is null ? null : Volatile.Read(ref _next[symbol]);

    /// <summary>Gives the state room for transitions; without it, it is thrown away after one step.</summary>
    public void MakeRoom(int symbols) => _next = new DfaState?[symbols];

    public void Remember(int symbol, DfaState next)
    {
        if (_next is not null)
            Volatile.Write(ref _next[symbol], next);
    }

    public bool Equals(DfaState? other) =>
        other is not null && Before == other.Before && IsMatch == other.IsMatch && Places.AsSpan().SequenceEqual(other.Places);

    public override bool Equals(object? obj) => Equals(obj as DfaState);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Before);
        foreach (var place in Places)
            hash.Add(place);
        return hash.ToHashCode();
    }
}
