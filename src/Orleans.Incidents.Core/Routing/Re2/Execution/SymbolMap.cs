using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Execution;

/// <summary>
/// Maps each code point to a symbol, so that code points no set of a program tells apart share one. It keeps the tables
/// of the automaton small: <c>prod-\d+</c> has seven symbols, not a million.
/// </summary>
internal sealed class SymbolMap
{
    private readonly int[] _starts;
    private readonly int[] _symbols;
    private readonly int[] _ascii = new int[128];
    private readonly int[] _examples;

    public SymbolMap(IReadOnlyCollection<RuneSet> sets)
    {
        _starts = [.. sets.SelectMany(Bounds).Append(0).Where(b => b <= RuneSet.MaxRune).Distinct().Order()];
        _symbols = new int[_starts.Length];
        var count = 1;
        foreach (var set in sets)
            count = Refine(set, count);

        _examples = new int[count];
        for (var i = 0; i < _starts.Length; i++)
            _examples[_symbols[i]] = _starts[i];
        for (var rune = 0; rune < _ascii.Length; rune++)
            _ascii[rune] = Lookup(rune);
    }

    public int Count => _examples.Length;

    public int this[int rune] => rune < 128 ? _ascii[rune] : Lookup(rune);

    /// <summary>One code point of a symbol: what holds for it holds for all of them.</summary>
    public int ExampleOf(int symbol) => _examples[symbol];

    private static IEnumerable<int> Bounds(RuneSet set)
    {
        foreach (var (lo, hi) in set.Ranges.ToArray())
        {
            yield return lo;
            yield return hi + 1;
        }
    }

    /// <summary>Parts every symbol into what lies inside the set and what does not.</summary>
    private int Refine(RuneSet set, int count)
    {
        var sizes = new int[count];
        foreach (var symbol in _symbols)
            sizes[symbol]++;
        var inside = Enumerable.Range(0, _starts.Length).Where(i => set.Contains(_starts[i])).ToArray();
        var insideSizes = new int[count];
        foreach (var i in inside)
            insideSizes[_symbols[i]]++;
        var renamed = new Dictionary<int, int>();
        foreach (var i in inside)
        {
            var old = _symbols[i];
            if (insideSizes[old] == sizes[old])
                continue;
            if (!renamed.TryGetValue(old, out var fresh))
                renamed.Add(old, fresh = count++);
            _symbols[i] = fresh;
        }

        return count;
    }

    private int Lookup(int rune)
    {
        var place = Array.BinarySearch(_starts, rune);
        return _symbols[place < 0 ? ~place - 1 : place];
    }
}
