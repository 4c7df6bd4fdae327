using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Execution;

/// <summary>What one instruction does.</summary>
internal enum Op : byte
{
    /// <summary>The pattern has matched.</summary>
    Match,

    /// <summary>Takes a code point of set <see cref="Instruction.Argument"/>, then goes on at <see cref="Instruction.Next"/>.</summary>
    Take,

    /// <summary>Goes on at <see cref="Instruction.Next"/> and at <see cref="Instruction.Argument"/>.</summary>
    Split,

    /// <summary>Goes on if the <see cref="Assertion"/> in <see cref="Instruction.Argument"/> holds here.</summary>
    Assert,
}

/// <summary>One step of a program; its place in the program is its name.</summary>
internal readonly record struct Instruction(Op Op, int Next, int Argument);

/// <summary>A pattern as Thompson's non-deterministic automaton (Communications of the ACM 11, 1968), counted repeats written out.</summary>
internal sealed class NfaProgram
{
    private readonly List<Instruction> _code = [new(Op.Match, 0, 0)];
    private readonly List<RuneSet> _sets = [];
    private readonly Dictionary<RuneSet, int> _setNumbers = [];

    private NfaProgram()
    {
    }

    public IReadOnlyList<RuneSet> Sets => _sets;

    public int Length => _code.Count;

    /// <summary>Where to begin.</summary>
    public int Start { get; private set; }

    /// <summary>Whether a match can only begin at the start of the text, so that later starts need not be tried.</summary>
    public bool IsAnchored { get; private init; }

    public bool UsesLines { get; private set; }

    public bool UsesWords { get; private set; }

    public Instruction this[int place] => _code[place];

    public static NfaProgram Build(Node root)
    {
        var program = new NfaProgram { IsAnchored = root is ConcatNode { Parts: [AssertNode { Kind: Assertion.BeginText }, ..] } };
        program.Start = program.Emit(root, 0);
        return program;
    }

    /// <summary>Writes a node that goes on at <paramref name="next"/>; returns where the node begins.</summary>
    private int Emit(Node node, int next)
    {
        switch (node)
        {
            case OneNode one:
                return Append(Op.Take, next, NumberOf(one.Set));
            case AssertNode assert:
                UsesLines |= assert.Kind is Assertion.BeginLine or Assertion.EndLine;
                UsesWords |= assert.Kind is Assertion.WordBoundary or Assertion.NoWordBoundary;
                return Append(Op.Assert, next, (int)assert.Kind);
            case GroupNode group:
                return Emit(group.Body, next);
            case ConcatNode concat:
                for (var i = concat.Parts.Length - 1; i >= 0; i--)
                    next = Emit(concat.Parts[i], next);
                return next;
            case AlternateNode alternate:
                var entry = Emit(alternate.Branches[^1], next);
                for (var i = alternate.Branches.Length - 2; i >= 0; i--)
                    entry = Append(Op.Split, Emit(alternate.Branches[i], next), entry);
                return entry;
            case RepeatNode repeat:
                return EmitRepeat(repeat, next);
            default:
                return next;
        }
    }

    private int EmitRepeat(RepeatNode repeat, int next)
    {
        var entry = next;
        var required = repeat.Min;
        if (repeat.Max < 0)
        {
            var loop = Append(Op.Split, next, next);
            var body = Emit(repeat.Body, loop);
            _code[loop] = new Instruction(Op.Split, body, next);

            // The last required round may be the loop's own.
            entry = required > 0 ? body : loop;
            required--;
        }

        for (var i = repeat.Min; i < repeat.Max; i++)
            entry = Append(Op.Split, Emit(repeat.Body, entry), next);
        for (var i = 0; i < required; i++)
            entry = Emit(repeat.Body, entry);
        return entry;
    }

    private int Append(Op op, int next, int argument)
    {
        _code.Add(new Instruction(op, next, argument));
        return _code.Count - 1;
    }

    private int NumberOf(RuneSet set)
    {
        if (_setNumbers.TryGetValue(set, out var number))
            return number;
        _sets.Add(set);
        _setNumbers.Add(set, _sets.Count - 1);
        return _sets.Count - 1;
    }
}
