using System.Text;

namespace Incidents.Routing.Re2.Syntax;

/// <summary>
/// Reads RE2 syntax as Go's <c>regexp</c> accepts it (go doc regexp/syntax, with Perl extensions), and refuses what it
/// refuses. Groups are kept on a stack of this parser's own, so that no depth of nesting can exhaust the thread's.
/// </summary>
internal sealed partial class PatternParser
{
    /// <summary>The highest tree, as in Go.</summary>
    private const int MaxHeight = 1000;

    /// <summary>
    /// The most instructions. Go allows some three million; a rule set keeps every pattern in memory, and none that a
    /// person writes comes near this.
    /// </summary>
    private const long MaxSize = 1 << 17;

    private readonly string _text;
    private readonly Stack<Frame> _frames = new();
    private int _pos;
    private Frame _frame = new(PatternFlags.None, IsCapture: false);
    private PatternFlags _flags;
    private int _repeatStart = -1;

    private PatternParser(string text) => _text = text;

    /// <summary>Parses a whole pattern.</summary>
    /// <exception cref="PatternException">It is not valid.</exception>
    public static Node Parse(string text) => new PatternParser(text).ParseAll();

    private char Current => _text[_pos];

    private bool AtEnd => _pos >= _text.Length;

    private Node ParseAll()
    {
        while (!AtEnd)
        {
            var repeatStart = _repeatStart;
            _repeatStart = -1;
            ParseItem(repeatStart);
        }

        return _frames.Count == 0 ? Close(_frame) : throw Error("missing closing )", 0, _text.Length);
    }

    private void ParseItem(int repeatStart)
    {
        switch (Current)
        {
            case '(':
                OpenGroup();
                break;
            case ')':
                CloseGroup();
                break;
            case '|':
                _pos++;
                _frame.NextBranch();
                break;
            case '^' or '$' or '.':
                ParseDotOrAnchor();
                break;
            case '[':
                ParseClass();
                break;
            case '*' or '+' or '?' or '{':
                ParseRepeat(repeatStart);
                break;
            case '\\':
                ParseEscapeItem();
                break;
            default:
                PushLiteral(NextRune());
                break;
        }
    }

    private void ParseDotOrAnchor()
    {
        var multiLine = _flags.HasFlag(PatternFlags.MultiLine);
        Push(_text[_pos++] switch
        {
            '^' => new AssertNode(multiLine ? Assertion.BeginLine : Assertion.BeginText),
            '$' => new AssertNode(multiLine ? Assertion.EndLine : Assertion.EndText),
            _ => new OneNode(_flags.HasFlag(PatternFlags.DotNewline) ? RuneSet.Any : RuneSet.NotNewline),
        });
    }

    private void PushLiteral(int rune)
    {
        var one = new RuneSetBuilder();
        Push(new OneNode((_flags.HasFlag(PatternFlags.FoldCase) ? one.AddFolded(rune, rune) : one.Add(rune, rune)).Build()));
    }

    private void Push(Node node) => _frame.Sequence.Add(Checked(node));

    private Node Checked(Node node)
    {
        if (node.Height > MaxHeight)
            throw Error("expression nests too deeply", 0, _text.Length);
        return node.Size <= MaxSize ? node : throw Error("expression too large", 0, _text.Length);
    }

    private Node Close(Frame frame)
    {
        frame.NextBranch();
        var branches = frame.Branches.Select(b => Checked(Concat(b))).ToArray();
        return branches.Length == 1 ? branches[0] : Checked(new AlternateNode(branches));
    }

    /// <summary>A sequence inside a sequence is one sequence, so that <c>(?:…)</c> costs no height.</summary>
    private static Node Concat(List<Node> sequence)
    {
        var parts = sequence.SelectMany(n => n is ConcatNode concat ? concat.Parts : [n]).Where(n => n is not EmptyNode).ToArray();
        return parts.Length switch
        {
            0 => EmptyNode.Instance,
            1 => parts[0],
            _ => new ConcatNode(parts),
        };
    }

    /// <summary>The next code point; half of a surrogate pair cannot stand alone.</summary>
    private int NextRune()
    {
        if (AtEnd)
            throw Error("trailing backslash at end of expression", _pos, _pos);
        if (!Rune.TryGetRuneAt(_text, _pos, out var rune))
            throw Error("invalid UTF-16", _pos, _pos + 1);
        _pos += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private PatternException Error(string message, int start, int end) => new($"{message}: `{_text[start..end]}`", start);

    /// <summary>What stands between two parentheses so far: finished branches and the sequence being read.</summary>
    private sealed record Frame(PatternFlags FlagsBefore, bool IsCapture)
    {
        public List<List<Node>> Branches { get; } = [];

        public List<Node> Sequence { get; private set; } = [];

        public void NextBranch()
        {
            Branches.Add(Sequence);
            Sequence = [];
        }
    }
}
