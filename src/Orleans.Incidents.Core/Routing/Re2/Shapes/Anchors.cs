using Incidents.Routing.Re2.Syntax;

namespace Incidents.Routing.Re2.Shapes;

/// <summary>Drops anchors that say nothing new: <c>^</c> where only the start can be, <c>$</c> where only the end can be.</summary>
internal static class Anchors
{
    /// <summary>The same pattern for a whole text, without such anchors. Only right for a pattern between <c>^</c> and <c>$</c>.</summary>
    public static Node Strip(Node node) => Strip(node, atStart: true, atEnd: true);

    private static Node Strip(Node node, bool atStart, bool atEnd) => node switch
    {
        AssertNode { Kind: Assertion.BeginText } when atStart => EmptyNode.Instance,
        AssertNode { Kind: Assertion.EndText } when atEnd => EmptyNode.Instance,
        GroupNode group => Strip(group.Body, atStart, atEnd),
        AlternateNode alternate => new AlternateNode([.. alternate.Branches.Select(b => Strip(b, atStart, atEnd))]),
        ConcatNode concat => StripParts([.. concat.Parts], atStart, atEnd),
        _ => node,
    };

    /// <summary>Goes on past a part only while all before it (or behind it) turned out to be nothing but anchors.</summary>
    private static Node StripParts(List<Node> parts, bool atStart, bool atEnd)
    {
        while (parts.Count > 0 && atStart)
        {
            parts[0] = Strip(parts[0], atStart: true, atEnd && parts.Count == 1);
            if (parts[0] is not EmptyNode)
                break;
            parts.RemoveAt(0);
        }

        while (parts.Count > 0 && atEnd)
        {
            parts[^1] = Strip(parts[^1], atStart && parts.Count == 1, atEnd: true);
            if (parts[^1] is not EmptyNode)
                break;
            parts.RemoveAt(parts.Count - 1);
        }

        return parts.Count switch
        {
            0 => EmptyNode.Instance,
            1 => parts[0],
            _ => new ConcatNode([.. parts]),
        };
    }
}
