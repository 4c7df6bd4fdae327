using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Execution;

/// <summary>
/// A growing set of places in a program, closed under steps that take no character. Every place is entered once, which
/// is what keeps nested repeats from exploding.
/// </summary>
internal sealed class PlaceSet(NfaProgram program)
{
    private readonly int[] _seenIn = new int[program.Length];
    private readonly Stack<int> _open = new();
    private int _round;

    /// <summary>Places that take a character, or that wait to know what comes next.</summary>
    public List<int> Kept { get; } = [];

    public bool HasMatch { get; private set; }

    /// <summary>Whether a kept place waits to know what comes next.</summary>
    public bool Waits { get; private set; }

    /// <summary>Places entered since this set was made; the measure of work.</summary>
    public long Entered { get; private set; }

    public void Clear()
    {
        Kept.Clear();
        HasMatch = Waits = false;
        if (++_round != int.MaxValue)
            return;
        Array.Clear(_seenIn);
        _round = 1;
    }

    /// <summary>Enters a place and all that follows from it. With <paramref name="after"/> unknown, what depends on it is kept.</summary>
    public void Enter(int place, Beside before, Beside? after)
    {
        _open.Push(place);
        while (_open.TryPop(out var current))
        {
            if (_seenIn[current] == _round)
                continue;
            _seenIn[current] = _round;
            Entered++;
            Visit(current, before, after);
        }
    }

    private void Visit(int place, Beside before, Beside? after)
    {
        var instruction = program[place];
        switch (instruction.Op)
        {
            case Op.Match:
                HasMatch = true;
                break;
            case Op.Take:
                Kept.Add(place);
                break;
            case Op.Split:
                _open.Push(instruction.Argument);
                _open.Push(instruction.Next);
                break;
            default:
                switch (Holds((Assertion)instruction.Argument, before, after))
                {
                    case true:
                        _open.Push(instruction.Next);
                        break;
                    case null:
                        Kept.Add(place);
                        Waits = true;
                        break;
                }

                break;
        }
    }

    private static bool? Holds(Assertion assertion, Beside before, Beside? after) => assertion switch
    {
        Assertion.BeginText => before.HasFlag(Beside.Edge),
        Assertion.BeginLine => (before & (Beside.Edge | Beside.Newline)) != Beside.Other,
        _ when after is null => null,
        Assertion.EndText => after.Value.HasFlag(Beside.Edge),
        Assertion.EndLine => (after.Value & (Beside.Edge | Beside.Newline)) != Beside.Other,
        Assertion.WordBoundary => ((before ^ after.Value) & Beside.Word) != Beside.Other,
        _ => ((before ^ after.Value) & Beside.Word) == Beside.Other,
    };
}
