namespace Incidents.Routing.Re2.Syntax;

/// <summary>What <c>(?imsU)</c> switches. Greediness (U) changes which match is found, never whether there is one, so it has no bit.</summary>
[Flags]
internal enum PatternFlags
{
    /// <summary>The start of every pattern.</summary>
    None = 0,

    /// <summary>i: case does not count.</summary>
    FoldCase = 1,

    /// <summary>m: <c>^</c> and <c>$</c> also match at line ends.</summary>
    MultiLine = 2,

    /// <summary>s: <c>.</c> matches a newline too.</summary>
    DotNewline = 4,
}
