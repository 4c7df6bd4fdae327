namespace Incidents.Routing.Re2.Syntax;

/// <summary>A piece of a parsed pattern. <see cref="Size"/> is what it costs once counted repeats are written out.</summary>
internal abstract class Node(int height, long size)
{
    /// <summary>The longest way down to a leaf, counting this node.</summary>
    public int Height { get; } = height;

    /// <summary>An upper bound of the instructions it compiles to; at least 1.</summary>
    public long Size { get; } = Math.Max(1, size);
}

/// <summary>Matches the empty text.</summary>
internal sealed class EmptyNode() : Node(1, 1)
{
    public static EmptyNode Instance { get; } = new();
}

/// <summary>Matches one code point of a set.</summary>
internal sealed class OneNode(RuneSet set) : Node(1, 1)
{
    public RuneSet Set { get; } = set;
}

/// <summary>Matches no text, but only at certain places.</summary>
internal sealed class AssertNode(Assertion kind) : Node(1, 1)
{
    public Assertion Kind { get; } = kind;
}

/// <summary>A capturing group. What it captures is of no interest here; it counts towards the nesting limit.</summary>
internal sealed class GroupNode(Node body) : Node(1 + body.Height, 2 + body.Size)
{
    public Node Body { get; } = body;
}

/// <summary>One after the other; two or more parts.</summary>
internal sealed class ConcatNode(Node[] parts) : Node(1 + parts.Max(p => p.Height), parts.Sum(p => p.Size))
{
    public Node[] Parts { get; } = parts;
}

/// <summary>Any one of; two or more branches.</summary>
internal sealed class AlternateNode(Node[] branches) : Node(1 + branches.Max(p => p.Height), branches.Sum(p => p.Size) + branches.Length - 1)
{
    public Node[] Branches { get; } = branches;
}

/// <summary>Between <see cref="Min"/> and <see cref="Max"/> times; a negative <see cref="Max"/> means without end.</summary>
internal sealed class RepeatNode(Node body, int min, int max) : Node(1 + body.Height, SizeOf(body.Size, min, max))
{
    public Node Body { get; } = body;

    public int Min { get; } = min;

    public int Max { get; } = max;

    private static long SizeOf(long body, int min, int max) =>
        max < 0 ? (Math.Max(1, min) * body) + 2 : (max * body) + max - min;
}

/// <summary>The places an <see cref="AssertNode"/> can ask for.</summary>
internal enum Assertion
{
    BeginText,
    BeginLine,
    EndText,
    EndLine,
    WordBoundary,
    NoWordBoundary,
}
