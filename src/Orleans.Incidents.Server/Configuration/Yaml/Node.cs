using System.Collections.Immutable;

namespace Incidents.Server.Configuration.Yaml;

/// <summary>A place in a text; both numbers count from 1, and a column counts UTF-16 units.</summary>
internal readonly record struct Position(int Line, int Column);

/// <summary>One value of a YAML document and where it stands. <paramref name="Size"/> counts it and all below it, aliases expanded.</summary>
internal abstract record Node(Position At, int Size)
{
    /// <summary>What a person calls this kind of value.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar. Only a plain one (without quotes) can be null or a truth value; the text is always as it was written.</summary>
internal sealed record ScalarNode(Position At, string Text, bool Plain) : Node(At, 1)
{
    public bool IsNull => Plain && Text is ("" or "~" or "null" or "Null" or "NULL");

    public override string Kind => IsNull ? "nothing" : "text";
}

/// <summary>A sequence.</summary>
internal sealed record ListNode(Position At, ImmutableArray<Node> Items, int Size) : Node(At, Size)
{
    public override string Kind => "a list";
}

/// <summary>A mapping, in the order of the file; a repeated key is kept, so that it can be reported with its path.</summary>
internal sealed record MapNode(Position At, ImmutableArray<Entry> Entries, int Size) : Node(At, Size)
{
    public override string Kind => "a mapping";
}

/// <summary>One key of a mapping with its value.</summary>
internal sealed record Entry(string Key, Position At, Node Value);
