using System.Text;
using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Execution;

/// <summary>
/// Runs a pattern over a text in time linear in the text: a deterministic automaton whose states are made when first
/// needed (as in RE2; Cox, "Regular Expression Matching Can Be Simple And Fast", 2007). What is remembered is bounded;
/// beyond the bound each step is worked out anew, still linear. Thread-safe.
/// </summary>
internal sealed class Automaton
{
    /// <summary>Roughly how many bytes of states one pattern may keep.</summary>
    private const int MemoryLimit = 512 * 1024;

    private readonly NfaProgram _program;
    private readonly SymbolMap _symbols;
    private readonly Beside[] _kinds;
    private readonly Lock _lock = new();
    private readonly HashSet<DfaState> _states = [];
    private readonly DfaState _start;
    private Scratch? _spare;
    private int _memory;

    public Automaton(Node root)
    {
        _program = NfaProgram.Build(root);
        IEnumerable<RuneSet> sets = _program.Sets;
        if (_program.UsesLines)
            sets = sets.Append(RuneSet.Newline);
        if (_program.UsesWords)
            sets = sets.Append(RuneSet.Word);
        _symbols = new SymbolMap([.. sets]);
        _kinds = [.. Enumerable.Range(0, _symbols.Count).Select(s => KindOf(_symbols.ExampleOf(s)))];
        var scratch = new Scratch(_program);
        scratch.To.Clear();
        scratch.To.Enter(_program.Start, Beside.Edge, after: null);
        _start = Keep(scratch.To, Beside.Edge);
    }

    /// <summary>How many states are remembered.</summary>
    internal int StateCount
    {
        get
        {
            lock (_lock)
                return _states.Count;
        }
    }

    /// <summary>Whether the pattern matches anywhere in the text; anchors in the pattern bind it to the ends.</summary>
    public bool IsMatch(string text) => IsMatch(text, out _);

    /// <summary>The same, with the work done: characters read and places entered.</summary>
    public bool IsMatch(string text, out long work)
    {
        work = 0;
        var state = _start;
        for (var i = 0; i < text.Length && !state.IsMatch; work++)
        {
            if (state.Places.Length == 0 && _program.IsAnchored)
                return false;
            int rune = text[i++];
            if (char.IsSurrogate((char)rune))
                rune = ReadPair(text, ref i);
            var symbol = _symbols[rune];
            state = state.Next(symbol) ?? Step(state, symbol, ref work);
        }

        return state.IsMatch || MatchesAtEnd(state, ref work);
    }

    /// <summary>Half of a pair that stands alone counts as U+FFFD.</summary>
    private static int ReadPair(string text, ref int i)
    {
        if (!Rune.TryGetRuneAt(text, i - 1, out var rune))
            return Rune.ReplacementChar.Value;
        i++;
        return rune.Value;
    }

    private DfaState Step(DfaState state, int symbol, ref long work)
    {
        var scratch = Borrow();
        var example = _symbols.ExampleOf(symbol);
        var kind = _kinds[symbol];
        scratch.From.Clear();
        scratch.To.Clear();
        foreach (var place in state.Places)
            scratch.From.Enter(place, state.Before, kind);
        foreach (var place in scratch.From.Kept)
        {
            var instruction = _program[place];
            if (_program.Sets[instruction.Argument].Contains(example))
                scratch.To.Enter(instruction.Next, kind, after: null);
        }

        if (!_program.IsAnchored)
            scratch.To.Enter(_program.Start, kind, after: null);
        var next = Keep(scratch.To, kind, scratch.From.HasMatch);
        state.Remember(symbol, next);
        work += Return(scratch);
        return next;
    }

    private bool MatchesAtEnd(DfaState state, ref long work)
    {
        if (state.MatchesAtEnd is { } known)
            return known;
        var scratch = Borrow();
        scratch.From.Clear();
        foreach (var place in state.Places)
            scratch.From.Enter(place, state.Before, Beside.Edge);
        var matches = scratch.From.HasMatch;
        state.MatchesAtEnd = matches;
        work += Return(scratch);
        return matches;
    }

    /// <summary>The remembered state for a set of places, or a passing one when memory is used up.</summary>
    private DfaState Keep(PlaceSet places, Beside before, bool alreadyMatched = false)
    {
        var isMatch = alreadyMatched || places.HasMatch;
        var kept = isMatch ? [] : places.Kept.ToArray();
        Array.Sort(kept);
        var state = new DfaState(kept, !isMatch && places.Waits ? before : Beside.Other, isMatch);
        lock (_lock)
        {
            if (_states.TryGetValue(state, out var existing))
                return existing;
            var cost = 128 + (8 * _symbols.Count) + (4 * kept.Length);
            if (_memory + cost > MemoryLimit && _states.Count > 0)
                return state;
            _memory += cost;
            state.MakeRoom(_symbols.Count);
            _states.Add(state);
            return state;
        }
    }

    private static Beside KindOf(int rune) =>
        rune == '\n' ? Beside.Newline : RuneSet.Word.Contains(rune) ? Beside.Word : Beside.Other;

    private Scratch Borrow() => Interlocked.Exchange(ref _spare, null) ?? new Scratch(_program);

    private long Return(Scratch scratch)
    {
        var work = scratch.From.Entered + scratch.To.Entered - scratch.Reported;
        scratch.Reported += work;
        Volatile.Write(ref _spare, scratch);
        return work;
    }

    /// <summary>Two sets to step from and to; kept for the next step.</summary>
    private sealed class Scratch(NfaProgram program)
    {
        public PlaceSet From { get; } = new(program);

        public PlaceSet To { get; } = new(program);

        public long Reported { get; set; }
    }
}
